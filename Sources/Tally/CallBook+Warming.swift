import CallModel

// A night's books are many times larger than the caches, and an access to memory takes longer than everything else that
// is done to an event. Done one event after another, the accesses wait for one another; the functions below make those of
// a whole batch of events or calls first, level by level, where none depends on the one before it. They return a sum of
// what they read, so that the reading is not optimized away; nothing else depends on them.

extension CallBook {
  /// Brings near what committing a batch will read. `scratch` is memory to work in.
  func warm(_ batch: borrowing EventBatch, _ scratch: inout [Int32]) -> UInt64 {
    var sum: UInt64 = 0
    scratch.removeAll(keepingCapacity: true)
    for index in batch.events.indices {
      sum &+= UInt64(truncatingIfNeeded: eventIndex.peek(batch.events[index].key.hash))
      scratch.append(Int32(truncatingIfNeeded: conversations.peek(batch.events[index].conversationHash)))
    }
    for call in scratch where call >= 0 { sum &+= conversations.touch(Int(call)) }
    for index in scratch.indices where scratch[index] >= 0 {
      let entry = entries[Int(scratch[index])]
      scratch[index] = Int32(truncatingIfNeeded: max(entry[1], entry[2], entry[3])) - 1
    }
    for number in scratch where number >= 0 { sum &+= arena.touch(events[Int(number)].contact) }
    return sum
  }

  /// Brings near what joining calls will read, and their texts if they are to be written.
  @inline(never)
  package func warm(_ calls: Span<UInt32>, texts: Bool) -> UInt64 {
    var sum: UInt64 = 0
    for index in calls.indices { sum &+= UInt64(entries[Int(calls[index])].deliveries) }
    for place in 0..<4 {
      for index in calls.indices {
        let number = entries[Int(calls[index])][place]
        if number != 0 { sum &+= arena.touch(events[Int(number) - 1].numbers) }
      }
    }
    guard texts else { return sum }
    for place in 2..<4 {
      for index in calls.indices {
        let number = entries[Int(calls[index])][place]
        guard number != 0 else { continue }
        let event = events[Int(number) - 1]
        sum &+= arena.touch(event.contact)
      }
    }
    for index in calls.indices { sum &+= conversations.touch(Int(calls[index])) }
    return sum
  }
}
