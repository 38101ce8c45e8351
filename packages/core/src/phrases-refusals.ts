/** Why a file is no edXML packet: what `{why}` of NOT_EDXML says. Each stands behind a colon, field, limit and line behind it. */
export const refusalPhrases = {
  'refusal.empty': { vi: 'tệp rỗng', en: 'nothing was given' },
  'refusal.not-xml': {
    vi: 'đầu tệp không có nội dung XML',
    en: 'no XML starts within the first bytes',
  },
  'refusal.not-utf8': { vi: 'nội dung không phải mã UTF-8', en: 'the text is not UTF-8' },
  'refusal.encoding': {
    vi: 'khai báo XML ghi bảng mã khác UTF-8',
    en: 'the XML declaration names an encoding other than UTF-8',
  },
  'refusal.doctype': { vi: 'văn bản có khai báo DOCTYPE', en: 'a document type declaration' },
  'refusal.not-well-formed': {
    vi: 'sai cú pháp XML hoặc sai không gian tên',
    en: 'a breach of XML or of its namespaces',
  },
  'refusal.truncated': {
    vi: 'gói tin bị cắt cụt trước khi hết phần edXMLEnvelope',
    en: 'the packet ends before its envelope does',
  },
  'refusal.root': {
    vi: 'phần tử ngoài cùng không phải là edXML',
    en: 'the outermost element is not edXML',
  },
  'refusal.envelope-missing': { vi: 'thiếu phần edXMLEnvelope', en: 'there is no edXMLEnvelope' },
  'refusal.header-missing': { vi: 'thiếu phần MessageHeader', en: 'there is no MessageHeader' },
  'refusal.sender-missing': {
    vi: 'thiếu mã cơ quan gửi (From/OrganId)',
    en: 'there is no From/OrganId',
  },
  'refusal.duplicate': {
    vi: 'một phần tử quyết định đường đi xuất hiện hai lần',
    en: 'a field that decides the route stands twice',
  },
  'refusal.mixed-content': {
    vi: 'có chú thích, chỉ thị hoặc phần tử chen giữa nội dung một trường',
    en: 'a comment, instruction or element inside the text of a field',
  },
  'refusal.too-deep': { vi: 'các phần tử lồng nhau quá sâu', en: 'elements nested too deeply' },
  'refusal.field-too-long': { vi: 'nội dung một trường quá dài', en: 'one text is too long' },
  'refusal.token-too-long': {
    vi: 'một thẻ, tên hoặc chú thích quá dài',
    en: 'one tag, name or comment is too long',
  },
  'refusal.too-many-attributes': {
    vi: 'một phần tử có quá nhiều thuộc tính',
    en: 'one element has too many attributes',
  },
  'refusal.too-many-elements': { vi: 'quá nhiều phần tử', en: 'too many elements' },
  'refusal.too-many-entries': {
    vi: 'quá nhiều nơi nhận, văn bản được trả lời hoặc mục của một danh sách',
    en: 'too many recipients, answered documents or other entries of a list',
  },
  'refusal.too-many-attachments': { vi: 'quá nhiều tệp đính kèm', en: 'too many attachments' },
  'refusal.header-too-large': { vi: 'phần edXMLEnvelope quá lớn', en: 'the envelope is too large' },
  'refusal.required': { vi: 'bỏ trống một trường bắt buộc', en: 'a field that must be filled is empty' },
  'refusal.too-long': {
    vi: 'một trường dài hơn quy định',
    en: 'a field is longer than the regulation allows',
  },
  'refusal.character': {
    vi: 'có ký tự mà XML không mang được',
    en: 'a character that XML cannot carry',
  },
  'refusal.hidden-character': {
    vi: 'có ký tự ẩn hoặc ký tự đổi hướng chữ',
    en: 'an invisible or direction-changing character',
  },
  'refusal.format': { vi: 'ngày, số hoặc mã viết sai dạng', en: 'a date, number or code out of form' },
  'refusal.misplaced': {
    vi: 'có trường không dùng cho loại gói tin này',
    en: 'a field that this kind of packet does not have',
  },
} as const
