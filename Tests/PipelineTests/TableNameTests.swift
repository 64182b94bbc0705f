import Testing

import Pipeline

/// Columns and their order are an interface; what is written here is copied from the design, not from the code.
@Suite struct TableNameTests {
  @Test(
    arguments: [
      (
        .calls,
        """
        conversation_id campaign_id campaign_name workspace_id agent_id agent_name call_type from_number to_number \
        username status day connected_at ended_at duration_seconds billable_seconds credits expected_credits \
        credits_difference settlement recording_url error_code error_reason transcript_turns context_data \
        call_insights events deliveries origin
        """
      ),
      (.transcripts, "conversation_id campaign_id turn role content"),
      (.insights, "conversation_id campaign_id name value"),
      (.context, "conversation_id campaign_id name value"),
      (
        .campaigns,
        """
        campaign_id campaign_uid campaign_name workspace_id user_id agent_id status total_contacts created_at \
        scheduled_at started_at ended_at calls
        """
      ),
      (
        .reconciliation,
        """
        campaign_id campaign_name workspace_id ended_at verdict \
        claimed_total_calls counted_total_calls difference_total_calls \
        claimed_successful_calls counted_successful_calls difference_successful_calls \
        claimed_failed_calls counted_failed_calls difference_failed_calls \
        claimed_total_duration counted_total_duration difference_total_duration \
        claimed_billable_duration counted_billable_duration difference_billable_duration \
        claimed_total_credits counted_total_credits difference_total_credits \
        calls_awaiting explained_credits explanation
        """
      ),
      (.differences, "campaign_id campaign_name measure cause calls difference examples"),
      (
        .findings,
        "code severity subject_type subject_id campaign_id measure claimed counted difference message origin"
      ),
      (
        .totals,
        """
        day workspace_id campaign_id agent_id calls successful_calls failed_calls duration_seconds billable_seconds \
        credits expected_credits
        """
      ),
      (
        .finance,
        """
        group key name calls successful_calls failed_calls duration_seconds billable_seconds billable_minutes \
        charged_credits expected_credits credits_difference claimed_credits counted_credits claimed_difference \
        unexplained_credits verdict
        """
      ),
      (
        .hours,
        "hour events call_started call_completed call_processed call_recording campaign_started campaign_ended"
      ),
      (
        .archives,
        """
        archive bytes members condition lines accepted duplicates conflicts rejected ignored blank call_started \
        call_completed call_processed call_recording campaign_started campaign_ended
        """
      ),
      (.rejects, "archive line code message raw"),
      (.drift, "event field kind type count first_origin"),
      (
        .disputes,
        """
        code severity subject_type subject_id campaign_id measure claimed counted difference credits_at_stake message \
        events origin
        """
      ),
      (.restatements, "day table key column old new"),
      (.openItems, "kind id campaign_id awaits first_day age_days seconds expected_credits"),
    ] as [(TableName, String)])
  func columnsStandInTheirOrder(table: TableName, columns: String) {
    #expect(table.columns.map(\.name).joined(separator: " ") == columns)
  }

  @Test(
    arguments: [
      (
        .integer,
        """
        duration_seconds billable_seconds transcript_turns deliveries turn total_contacts calls successful_calls \
        failed_calls bytes members lines accepted duplicates conflicts rejected ignored blank line count calls_awaiting
        """
      ),
      (.decimal, "credits expected_credits credits_difference explained_credits difference_total_credits"),
      (.timestamp, "connected_at ended_at created_at scheduled_at started_at"),
      (.date, "day"),
      (.json, "context_data call_insights"),
      (.text, "from_number error_code settlement origin value verdict claimed counted cause examples raw"),
    ] as [(CellType, String)])
  func columnsHaveTheirTypes(type: CellType, names: String) {
    let names = names.split(separator: " ")
    let columns = TableName.allCases.flatMap(\.columns).filter { names.contains($0.name[...]) }
    #expect(Set(columns.map(\.name)).count == names.count)
    #expect(columns.allSatisfy { $0.type == type })
  }

  @Test func everyColumnIsDescribedInOneSentence() {
    for column in TableName.allCases.flatMap(\.columns) {
      #expect(column.description.first?.isUppercase == true && column.description.hasSuffix("."), "\(column.name)")
    }
  }
}
