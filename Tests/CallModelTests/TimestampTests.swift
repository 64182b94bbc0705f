import CallModel
import Foundation
import Testing

@Suite struct TimestampTests {
  @Test func `every day of the years 1 to 9999 has its number and its date`() throws {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var (year, month, day) = (1, 1, 1)
    var number = try #require(Day(year: 1, month: 1, day: 1)).number
    var isRight = true
    while year < 10_000 {
      let civil = Day(number: number).civil
      isRight = isRight && civil == (year, month, day) && Day(year: year, month: month, day: day)?.number == number
      number += 1
      day += 1
      let isLeap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
      if day > (month == 2 && isLeap ? 29 : lengths[month - 1]) { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect(isRight)
    #expect(number == Timestamp.latest.day.number + 1)
  }

  @Test func `dates and times agree with Foundation's calendar from 1583 on`() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let first = try #require(Day(year: 1583, month: 1, day: 1)).number
    for number in stride(from: first, to: Timestamp.latest.day.number, by: 173) {
      let second = Int64(number) * 86_400 + Int64(number & 0xffff)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(second)))
      let (year, month, day) = try #require((parts.year, parts.month, parts.day) as? (Int, Int, Int))
      let (hour, minute, rest) = try #require((parts.hour, parts.minute, parts.second) as? (Int, Int, Int))
      let time = Timestamp(
        year: year, month: month, day: day, hour: hour, minute: minute, second: rest, microsecond: 7)
      #expect(time?.microseconds == second * 1_000_000 + 7)
      let digits = [month, day, hour, minute, rest].map { $0 < 10 ? "0\($0)" : "\($0)" }
      #expect(
        Timestamp(microseconds: second * 1_000_000 + 7).description
          == "\(year)-\(digits[0])-\(digits[1])T\(digits[2]):\(digits[3]):\(digits[4]).000007")
    }
  }

  @Test(arguments: [
    (0, 1, 1), (10_000, 1, 1), (-1, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2026, 1, 32), (2026, 4, 31),
    (2026, 2, 29), (1900, 2, 29), (2100, 2, 29), (2024, 2, 30),
  ])
  func `there is no such day`(year: Int, month: Int, day: Int) {
    #expect(Day(year: year, month: month, day: day) == nil)
  }

  @Test(arguments: [(24, 0, 0, 0), (-1, 0, 0, 0), (0, 60, 0, 0), (0, 0, 60, 0), (0, 0, 0, 1_000_000), (0, 0, 0, -1)])
  func `there is no such time of day`(hour: Int, minute: Int, second: Int, microsecond: Int) {
    let time = Timestamp(
      year: 2026, month: 4, day: 8, hour: hour, minute: minute, second: second, microsecond: microsecond)
    #expect(time == nil)
  }

  @Test func `the ends of the calendar are printed in full`() {
    #expect(Timestamp.earliest.description == "0001-01-01T00:00:00.000000")
    #expect(Timestamp.latest.description == "9999-12-31T23:59:59.999999")
    #expect(Timestamp(microseconds: -1).description == "1969-12-31T23:59:59.999999")
    #expect(Timestamp(microseconds: -1).microsecondOfDay == 86_399_999_999)
  }
}
