/// Makes something of each part of `0..<count`, in the order of the parts.
func inParts<Value: Sendable>(
  of count: Int, threads: Int, _ make: @escaping @Sendable (Range<Int>) -> Value
) async -> [Value] {
  let size = max(4_096, (count + threads - 1) / threads)
  let starts = Array(stride(from: 0, to: count, by: size))
  return await inParallel(starts.count, threads: starts.count) { make(starts[$0]..<min(starts[$0] + size, count)) }
}

/// Makes something of each of the numbers below `count`, on as many tasks as there are `threads`, in the order of the
/// numbers. A task takes the next number when it is done with one.
func inParallel<Value: Sendable>(
  _ count: Int, threads: Int, _ make: @escaping @Sendable (Int) async -> Value
) async -> [Value] {
  await withTaskGroup(of: (Int, Value).self) { group in
    for number in 0..<min(count, threads) { group.addTask { (number, await make(number)) } }
    var next = min(count, threads)
    var values: [Value?] = Array(repeating: nil, count: count)
    while let (number, value) = await group.next() {
      values[number] = value
      guard next < count else { continue }
      group.addTask { [next] in (next, await make(next)) }
      next += 1
    }
    return values.compactMap { $0 }
  }
}
