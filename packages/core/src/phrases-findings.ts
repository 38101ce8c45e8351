/** Rules a packet does not keep; the values are those of the finding's detail. */
export const findingPhrases = {
  'warning.SENDER_MISSING': {
    vi: 'Gói tin không ghi mã cơ quan gửi (From/OrganId).',
    en: 'The packet has no code of the sender (From/OrganId).',
  },
  'warning.RECIPIENT_MISSING': {
    vi: 'Gói tin không ghi mã cơ quan nhận nào (To/OrganId).',
    en: 'The packet has no code of any recipient (To/OrganId).',
  },
  'warning.RECIPIENT_REPEATED': {
    vi: 'Cơ quan {organ} được ghi làm nơi nhận nhiều lần; chỉ gửi một bản.',
    en: '{organ} is addressed more than once; it gets one copy.',
  },
  'warning.RECIPIENT_IS_SENDER': {
    vi: 'Cơ quan gửi {organ} cũng là nơi nhận.',
    en: 'The sender {organ} is also a recipient.',
  },
  'warning.ORGAN_NAME_MISSING': {
    vi: '{count} cơ quan không có tên (OrganName), đầu tiên là {organ}.',
    en: '{count} organisations have no name (OrganName), {organ} first.',
  },
  'warning.NUMBER_MISSING': {
    vi: 'Thiếu số văn bản (CodeNumber).',
    en: 'The number of the document is missing (CodeNumber).',
  },
  'warning.NOTATION_MISSING': {
    vi: 'Thiếu ký hiệu văn bản (CodeNotation).',
    en: 'The notation of the document is missing (CodeNotation).',
  },
  'warning.ISSUE_DATE_MISSING': {
    vi: 'Thiếu ngày ban hành (PromulgationDate).',
    en: 'The date of issue is missing (PromulgationDate).',
  },
  'warning.ISSUE_DATE_FUTURE': {
    vi: 'Ngày ban hành {date} còn chưa đến.',
    en: 'The date of issue, {date}, is still to come.',
  },
  'warning.DUE_BEFORE_ISSUE': {
    vi: 'Hạn trả lời {date} sớm hơn ngày ban hành.',
    en: 'The due date, {date}, lies before the date of issue.',
  },
  'warning.TYPE_NAME_MISSING': {
    vi: 'Thiếu tên loại văn bản (TypeName).',
    en: 'The name of the type of document is missing (TypeName).',
  },
  'warning.SUBJECT_MISSING': {
    vi: 'Thiếu trích yếu nội dung (Subject).',
    en: 'The subject is missing (Subject).',
  },
  'warning.SIGNER_MISSING': {
    vi: 'Thiếu họ tên người ký (SignerInfo/FullName).',
    en: 'The name of the signer is missing (SignerInfo/FullName).',
  },
  'warning.FILE_MISSING': {
    vi: 'Văn bản không có tệp đính kèm.',
    en: 'The document has no file attached.',
  },
  'warning.MANIFEST_EMPTY': {
    vi: 'Danh mục tệp (edXMLManifest) không liệt kê tệp nào.',
    en: 'The manifest (edXMLManifest) lists no file.',
  },
  'warning.FILE_NOT_THERE': {
    vi: 'Danh mục có tệp {file} nhưng gói tin không kèm tệp này.',
    en: 'The manifest lists file {file}, which is not attached.',
  },
  'warning.FILE_NOT_LISTED': {
    vi: 'Tệp {file} được đính kèm nhưng không có trong danh mục.',
    en: 'File {file} is attached but not listed in the manifest.',
  },
  'warning.CONTENT_ID_REPEATED': {
    vi: 'Nhiều tệp dùng chung ContentId {file}.',
    en: 'Several files share the ContentId {file}.',
  },
  'warning.BUSINESS_TYPE_UNKNOWN': {
    vi: 'Loại nghiệp vụ {type} (BussinessDocType) không có trong quy định.',
    en: 'Business type {type} (BussinessDocType) is not one of the regulation.',
  },
  'warning.BUSINESS_PART_MISPLACED': {
    vi: 'Phần {field} không dùng cho loại nghiệp vụ của gói tin này.',
    en: 'The part {field} does not belong to the business type of this packet.',
  },
  'warning.RECALL_REASON_MISSING': {
    vi: 'Thu hồi văn bản phải nêu lý do (BussinessDocReason).',
    en: 'A recall must state its reason (BussinessDocReason).',
  },
  'warning.UPDATED_DOCUMENT_MISSING': {
    vi: 'Cập nhật phải nêu mã định danh của văn bản được cập nhật (Bussiness/DocumentId).',
    en: 'An update must name the document that it updates (Bussiness/DocumentId).',
  },
  'warning.CHANGES_MISSING': {
    vi: 'Cập nhật phải nêu nội dung thay đổi (BussinessDocumentInfo).',
    en: 'An update must say what it changes (BussinessDocumentInfo).',
  },
  'warning.CHANGE_EMPTY': {
    vi: 'Gói tin cập nhật không đổi nội dung, cũng không đổi nơi nhận.',
    en: 'The update changes neither the content nor the recipients.',
  },
  'warning.CHANGED_RECEIVERS_UNCLEAR': {
    vi: 'Cập nhật nơi nhận nhưng không ghi rõ thêm hay bớt cơ quan nào (ReceiverList).',
    en: 'The update changes recipients without saying which are added or removed (ReceiverList).',
  },
  'warning.REPLACEMENTS_MISSING': {
    vi: 'Thay thế phải nêu văn bản bị thay thế (ReplacementInfoList).',
    en: 'A replacement must name the documents that it replaces (ReplacementInfoList).',
  },
  'warning.REPLACEMENT_INCOMPLETE': {
    vi: 'Mục thay thế số {number} thiếu mã định danh văn bản hoặc nơi đã nhận.',
    en: 'Replacement {number} lacks the DocumentId or those who had received the document.',
  },
  'warning.REPLACEMENT_OF_ITSELF': {
    vi: 'Văn bản thay thế chính nó.',
    en: 'The document replaces itself.',
  },
  'warning.STATUS_CODE_MISSING': {
    vi: 'Thiếu mã trạng thái (StatusCode).',
    en: 'The code of the status is missing (StatusCode).',
  },
  'warning.STATUS_CODE_UNKNOWN': {
    vi: 'Mã trạng thái {code} không có trong quy định.',
    en: 'Status {code} is not one of the regulation.',
  },
  'warning.RESPONSE_FOR_MISSING': {
    vi: 'Trạng thái không nói về văn bản nào (thiếu ResponseFor).',
    en: 'The status does not say which document it is about (no ResponseFor).',
  },
  'warning.RESPONSE_FOR_INCOMPLETE': {
    vi: 'ResponseFor không đủ để tìm văn bản: cần DocumentId, hoặc Code và PromulgationDate.',
    en: 'ResponseFor is not enough to find the document: it needs DocumentId, or Code and PromulgationDate.',
  },
  'warning.RESPONSE_FOR_SWAPPED': {
    vi: 'Trong ResponseFor, OrganId và Code bị ghi lẫn chỗ của nhau.',
    en: 'In ResponseFor, OrganId and Code have changed places.',
  },
  'warning.STATUS_RECIPIENT_MISSING': {
    vi: 'ResponseFor không có mã của cơ quan cần gửi trạng thái tới.',
    en: 'ResponseFor has no code of the organisation the status should go to.',
  },
  'warning.STATUS_REASON_MISSING': {
    vi: 'Trạng thái {code} phải nêu lý do (Description).',
    en: 'Status {code} must state its reason (Description).',
  },
  'warning.STATUS_TIME_MISSING': {
    vi: 'Trạng thái không ghi thời điểm (Timestamp).',
    en: 'The status does not say when (Timestamp).',
  },
} as const
