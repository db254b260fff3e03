// SPDX-License-Identifier: MIT
public import Canvas
public import Locks

/// What can happen to the dashboard.
public enum Event: Sendable {
    /// A key was pressed, or something pasted.
    case key(Key)
    /// The terminal has another size.
    case resized(Size)
    /// Time has passed.
    case tick
    /// A server was read.
    case update(ServerUpdate)
    /// An operation that was asked for has ended.
    case ended(OperationResult, Ticket)
    /// A wait has ended: the item was taken, or can't be.
    case waited(OperationResult)
    /// The program goes on after it was stopped.
    case resumed
    /// Rows that were to be put in order, or let through, are.
    case arranged(Arranged)
    /// What was seen of an item and done to it, in earlier runs too, the oldest first.
    case story(ItemRef, [LockEvent])
    /// So many rows are in the file that is being written.
    case exporting(rows: Int)
    /// The file is written, or can't be, or was stopped: a sentence for the message line.
    case exported(String, isError: Bool)
    /// Something that was asked for outside the screen has ended: a sentence for the message line.
    case notice(String, isError: Bool)
    /// Something went wrong beside what was asked for: a sentence that waits until nothing else is said.
    case warned(String)
    /// How the playing of a recording stands.
    case replayed(Replay)
    /// From here on the rows of a recording were looked at so.
    case looked(Outlook)
    /// A recording begins anew.
    case rewound
    /// A recording stands at a conflict about this item.
    case halted(ItemRef)
}

/// What the dashboard wants done outside: it never does it itself.
public enum Effect: Hashable, Sendable {
    /// Carry out an operation; its end comes back as `Event.ended` with the ticket.
    case perform(Wish, ItemRef, Ticket)
    /// These items are on screen, by server: read them first.
    case show([String: [String]])
    /// Read what is on screen now.
    case readNow
    /// Read one server now.
    case readServer(String)
    /// Read the whole listing of every server now.
    case readAll
    /// Seconds between two polls from now on, where a server has no poll of its own.
    case setPoll(Double)
    /// Stop reading, or go on.
    case setPaused(Bool)
    /// Take the item as soon as it is free.
    case wait(ItemRef, Wish)
    /// Wait no longer.
    case cancelWait(ItemRef)
    /// Keep my lock alive, or let it run out.
    case setKept(ItemRef, Bool)
    /// Put rows in order, or let others through, beside the screen; comes back as `Event.arranged`.
    case arrange(Arrangement)
    /// Look up what was seen of an item and done to it before; comes back as `Event.story`.
    case story(ItemRef)
    /// Keep the columns that were chosen, by name, for the next start; `nil`: those of the configuration again.
    case keepColumns([String]?)
    /// Put a text into the terminal's clipboard.
    case copy(String)
    /// Put the web address of an item into the terminal's clipboard.
    case copyAddress(ItemRef)
    /// Write rows to a new file in the working directory, of that name or one after the time; comes back as `Event.exporting` and `Event.exported`.
    case export(Snapshot, asJSON: Bool, named: String?)
    /// Write no more of it, and leave no file.
    case stopExport
    /// Ring the terminal's bell.
    case ring
    /// Leave the screen and stop until the shell says go on.
    case suspend
    /// Draw everything anew.
    case redraw
    /// Play a recording in another way.
    case replay(ReplayOrder)
    /// End the program.
    case quit
}
