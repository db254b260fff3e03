// SPDX-License-Identifier: MIT

/// A step of an item through its workflow.
struct NickStep {
    var name: String
    var title: String
    var author: String
    var state: WorkflowState
    var time: Double
}
