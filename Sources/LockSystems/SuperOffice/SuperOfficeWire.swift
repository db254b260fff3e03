// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

/// A value that one version sends as text and another as a number.
struct SuperOfficeWord: Decodable {
    /// The text, or the number's digits; `nil` for null.
    var text: String?
    /// The number, also when it came as text.
    var number: Int? { text.flatMap { Int($0) } }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            text = nil
        } else if let number = try? value.decode(Int.self) {
            text = String(number)
        } else {
            text = try value.decode(String.self)
        }
    }
}

/// The answer of `GET Document/{id}/Lock`. The state is relative to whoever asks.
struct SuperOfficeCheckout: Decodable {
    enum State: Hashable {
        case free, own, other, unsupported
        case unknown(String)

        init(_ word: SuperOfficeWord?) {
            switch word?.text?.lowercased() {
            case "notcheckedout", "0": self = .free
            case "checkedoutown", "1": self = .own
            case "checkedoutother", "2": self = .other
            case "lockingnotsupported", "3": self = .unsupported
            default: self = .unknown(word?.text ?? "nothing")
            }
        }
    }

    var state: State
    /// The holder's number; 0: nobody, or somebody who is no SuperOffice user; -1: Microsoft Office has the file open;
    /// `nil`: not told.
    var associate: Int?
    /// May be blank for a holder that has a number.
    var name: String

    enum CodingKeys: String, CodingKey {
        case state = "State"
        case associate = "AssociateId"
        case name = "Name"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        state = State(try values.decode(SuperOfficeWord.self, forKey: .state))
        associate = values.ifReadable(SuperOfficeWord.self, .associate)?.number
        name = (values.ifReadable(SuperOfficeWord.self, .name)?.text ?? "").trimmed
    }
}

/// The answer of every change: `ReturnInfo`. `Success` alone tells whether it was refused, and not even that it was done.
struct SuperOfficeReply: Decodable {
    enum Kind: Hashable {
        case none, message, soProtocol, customGUI, other, url
        case unknown(String)

        init(_ word: SuperOfficeWord?) {
            // Written both `CustomGui` and `CustomGUI`.
            switch word?.text?.lowercased() {
            case "none", "0", "", nil: self = .none
            case "message", "1": self = .message
            case "soprotocol", "2": self = .soProtocol
            case "customgui", "3": self = .customGUI
            case "other", "4": self = .other
            case "url", "5": self = .url
            default: self = .unknown(word?.text ?? "")
            }
        }
    }

    var isSuccess: Bool
    var kind: Kind
    var value: String
    /// Only `CustomGui` and `Other` have it.
    var more: String

    enum CodingKeys: String, CodingKey {
        case isSuccess = "Success"
        case kind = "Type"
        case value = "Value"
        case more = "AdditionalInfo"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let flag = values.ifReadable(Bool.self, .isSuccess) {
            isSuccess = flag
        } else {
            switch try values.decode(SuperOfficeWord.self, forKey: .isSuccess).text?.lowercased() {
            case "true", "1": isSuccess = true
            case "false", "0": isSuccess = false
            default:
                // Neither yes nor no: only a reading tells.
                throw DecodingError.dataCorruptedError(forKey: .isSuccess, in: values, debugDescription: "no flag")
            }
        }
        kind = Kind(values.ifReadable(SuperOfficeWord.self, .kind))
        value = (values.ifReadable(SuperOfficeWord.self, .value)?.text ?? "").trimmed
        more = (values.ifReadable(SuperOfficeWord.self, .more)?.text ?? "").trimmed
    }
}

/// A page of a listing, without its lines that can't be read. The member names are those of OData 3.
struct SuperOfficePage<Line: Decodable>: Decodable {
    let value: [Line]
    /// Why the other lines can't be read.
    let failures: [MalformedAnswer]
    let next: String?

    /// How many lines came.
    var count: Int { value.count + failures.count }

    enum CodingKeys: String, CodingKey {
        case value
        case next = "odata.nextLink"
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        let list = try box.decode(Lossy<Line>.self, forKey: .value)
        (value, failures) = (list.elements, list.failures)
        next = box.ifReadable(String.self, .next)
    }
}

/// One document of a listing. Columns that were not asked for are missing, and any may be null.
struct SuperOfficeDocument: Decodable {
    @IfReadable var key: SuperOfficeWord?
    @IfReadable var number: SuperOfficeWord?
    @IfReadable var name: SuperOfficeWord?
    @IfReadable var text: SuperOfficeWord?
    @IfReadable var type: SuperOfficeWord?
    @IfReadable var updated: SuperOfficeWord?

    enum CodingKeys: String, CodingKey {
        case key = "PrimaryKey"
        case number = "documentId"
        case name, text, type
        case updated = "updatedDate"
    }

    /// The columns to ask for.
    static let columns = "documentId,name,text,type,updatedDate"
}

/// One user of the listing of users.
struct SuperOfficeUser: Decodable {
    @IfReadable var fullName: SuperOfficeWord?
    @IfReadable var userName: SuperOfficeWord?

    enum CodingKeys: String, CodingKey { case fullName, userName }
}

/// The answer of `GET User/currentPrincipal`.
struct SuperOfficePrincipal: Decodable {
    var associate: Int
    var initials: SuperOfficeWord?
    var fullName: SuperOfficeWord?
    var userType: SuperOfficeWord?

    enum CodingKeys: String, CodingKey {
        case associate = "AssociateId"
        case initials = "Associate"
        case fullName = "FullName"
        case userType = "UserType"
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        guard let number = try box.decode(SuperOfficeWord.self, forKey: .associate).number else {
            throw DecodingError.dataCorruptedError(forKey: .associate, in: box, debugDescription: "no number")
        }
        associate = number
        initials = box.ifReadable(SuperOfficeWord.self, .initials)
        fullName = box.ifReadable(SuperOfficeWord.self, .fullName)
        userType = box.ifReadable(SuperOfficeWord.self, .userType)
    }
}

/// Where a tenant of SuperOffice Online is, and whether it can be used.
struct SuperOfficeTenant: Decodable {
    @IfReadable var state: SuperOfficeWord?
    @IfReadable var isRunning: Bool?
    @IfReadable var api: String?
    @IfReadable var validUntil: String?

    enum CodingKeys: String, CodingKey {
        case state = "State"
        case isRunning = "IsRunning"
        case api = "Api"
        case validUntil = "ValidUntil"
    }

    /// The state's word, also where it came as a number.
    var word: String {
        let words = [
            0: "Unknown", 1: "Provisioning", 2: "Running", 3: "Deleted", 4: "Suspended", 5: "OnlineMaintenance",
            6: "OfflineMaintenance", 8: "ProvisioningFailed", 10: "Deleting", 11: "DeleteFailed",
            12: "MigrationPending",
        ]
        return state?.number.flatMap { words[$0] } ?? state?.text ?? "Unknown"
    }

    /// Whether the interface answers.
    var isUsable: Bool { isRunning ?? ["Running", "OnlineMaintenance"].contains(word) }
}

/// Both shapes of an error's body.
struct SuperOfficeProblem: Decodable {
    @IfReadable var isError: Bool?
    @IfReadable var type: String?
    @IfReadable var errorMessage: String?
    @IfReadable var message: String?
    @IfReadable var detail: String?

    enum CodingKeys: String, CodingKey {
        case isError = "Error"
        case type = "ErrorType"
        case errorMessage = "ErrorMessage"
        case message = "Message"
        case detail = "MessageDetail"
    }

    /// What it says; the stack and the source are for the server's people, and are left out.
    var text: String {
        let text = errorMessage ?? [message, detail].compactMap(\.self).joined(separator: " ")
        return text.trimmed
    }

    /// Whether it is one at all, and not just any object.
    var isReal: Bool { isError == true || type != nil || errorMessage != nil || message != nil }
}

extension String {
    /// Without the blanks around it.
    fileprivate var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
