/** What is said of a packet or attachment that is odd; the values are those of the warning's detail. */
export const warningPhrases = {
  'warning.ATTACHMENT_NOT_ZIPPED': {
    vi: 'Tệp đính kèm không được nén như quy định; vẫn đọc được.',
    en: 'The attachment is not zipped as it should be; it could be read all the same.',
  },
  'warning.ATTACHMENT_EMPTY': {
    vi: 'Tệp đính kèm rỗng.',
    en: 'The attachment is empty.',
  },
  'warning.ATTACHMENT_CORRUPTED': {
    vi: 'Tệp đính kèm đã hỏng trước khi gửi: phần mềm gửi đã chuyển nội dung nhị phân sang UTF-8.',
    en: 'The attachment was destroyed before it was sent: its bytes were converted to UTF-8 as if they were text.',
  },
  'warning.ATTACHMENT_TYPE_DIFFERS': {
    vi: 'Tệp đính kèm xưng là {declared} nhưng nội dung là {real}.',
    en: 'The attachment calls itself {declared} but its content is {real}.',
  },
  'warning.ATTACHMENT_NAME_MISSING': {
    vi: 'Tệp đính kèm không có tên.',
    en: 'The attachment has no name.',
  },
  'warning.ATTACHMENT_NAME_UNSAFE': {
    vi: 'Tên tệp đính kèm không dùng làm tên tệp được; nên lưu thành "{safe}".',
    en: 'The name of the attachment cannot be used for a file; save it as "{safe}".',
  },
  'warning.ATTACHMENT_ARCHIVE': {
    vi: 'Tệp đính kèm là tệp nén ({real}); nội dung bên trong không được kiểm tra.',
    en: 'The attachment is an archive ({real}); what is in it was not looked at.',
  },
  'warning.ATTACHMENT_PROGRAM': {
    vi: 'Tệp đính kèm là chương trình chạy được ({real}); đừng mở.',
    en: 'The attachment is a program ({real}); do not open it.',
  },
  'warning.ATTACHMENT_BASE64_INVALID': {
    vi: 'Không đọc được tệp đính kèm: sai mã base64 ở vị trí {at}.',
    en: 'The attachment cannot be read: its base64 is wrong at character {at}.',
  },
  'warning.ATTACHMENT_TRUNCATED': {
    vi: 'Không đọc được tệp đính kèm: dữ liệu bị cắt cụt.',
    en: 'The attachment cannot be read: it is cut short.',
  },
  'warning.ATTACHMENT_ZIP_INVALID': {
    vi: 'Không đọc được tệp đính kèm: tệp zip sai cấu trúc ({part}).',
    en: 'The attachment cannot be read: its zip is not well formed ({part}).',
  },
  'warning.ATTACHMENT_ZIP_METHOD': {
    vi: 'Không đọc được tệp đính kèm: kiểu nén {method} không được hỗ trợ.',
    en: 'The attachment cannot be read: compression method {method} is not supported.',
  },
  'warning.ATTACHMENT_ZIP_ENTRIES': {
    vi: 'Không nhận tệp đính kèm: tệp zip phải chứa đúng một tệp.',
    en: 'The attachment is refused: its zip must hold exactly one file.',
  },
  'warning.ATTACHMENT_ZIP_TRAILING': {
    vi: 'Không nhận tệp đính kèm: có dữ liệu thừa sau tệp zip.',
    en: 'The attachment is refused: there are bytes behind the end of its zip.',
  },
  'warning.ATTACHMENT_ENCRYPTED': {
    vi: 'Không đọc được tệp đính kèm: tệp zip có mật khẩu.',
    en: 'The attachment cannot be read: its zip is encrypted.',
  },
  'warning.ATTACHMENT_CRC_WRONG': {
    vi: 'Không nhận tệp đính kèm: nội dung không khớp mã kiểm tra CRC.',
    en: 'The attachment is refused: its content does not match its CRC.',
  },
  'warning.ATTACHMENT_TOO_LARGE': {
    vi: 'Không nhận tệp đính kèm: dung lượng sau giải nén vượt quá {limit} byte.',
    en: 'The attachment is refused: unpacked it is larger than {limit} bytes.',
  },
  'warning.ATTACHMENT_EXPANDS': {
    vi: 'Không nhận tệp đính kèm: giải nén ra lớn hơn {limit} lần, nghi là bom nén.',
    en: 'The attachment is refused: it unpacks to more than {limit} times its size, as a zip bomb does.',
  },

  'warning.EARLIER_DOCUMENT_UNKNOWN': {
    vi: 'Nút này không tìm thấy văn bản trước đó mà gói tin nêu; bên nhận sẽ thấy gói tin này, còn văn bản đó không bị thu hồi tự động.',
    en: 'This node has not sent the earlier document that the packet means; recipients get the packet, but nothing is taken back by itself.',
  },

  'warning.JUNK_BEFORE_XML': {
    vi: 'Có {bytes} byte lạ đứng trước nội dung XML.',
    en: '{bytes} stray bytes stand before the XML.',
  },
  'warning.NAMESPACE_UNUSUAL': {
    vi: 'Không gian tên của gói tin không phải của edXML ({namespace}).',
    en: 'The namespace of the packet is not that of edXML ({namespace}).',
  },
  'warning.PREFIX_MISSING': {
    vi: 'Phần tử {field} không có tiền tố edXML; có phần mềm nhận sẽ từ chối.',
    en: 'Element {field} lacks the edXML prefix; some receiving software rejects that.',
  },
  'warning.ELEMENT_UNKNOWN': {
    vi: 'Phần tử {field} không có trong edXML nên bị bỏ qua (kiểm tra chữ hoa, chữ thường và không gian tên).',
    en: 'Element {field} is not part of edXML and is ignored (check upper and lower case, and its namespace).',
  },
  'warning.FIELD_REPEATED': {
    vi: 'Phần tử {field} xuất hiện nhiều lần; chỉ lấy lần đầu.',
    en: 'Element {field} stands more than once; only the first counts.',
  },
  'warning.FIELD_MIXED': {
    vi: 'Trong nội dung của {field} có phần tử hoặc chú thích XML.',
    en: 'The text of {field} has XML elements or comments inside.',
  },
  'warning.FIELD_TOO_LONG': {
    vi: '{field} dài hơn {limit} ký tự theo quy định.',
    en: '{field} is longer than the {limit} characters of the regulation.',
  },
  'warning.FIELD_NOT_NUMBER': { vi: '{field} phải là số.', en: '{field} must be a number.' },
  'warning.FIELD_NOT_FLAG': { vi: '{field} phải là true hoặc false.', en: '{field} must be true or false.' },
  'warning.FIELD_NOT_DATE': {
    vi: '{field} phải là một ngày có thật, viết năm/tháng/ngày (2025/07/01).',
    en: '{field} must be a day of the calendar, written year/month/day (2025/07/01).',
  },
  'warning.FIELD_NOT_TIME': {
    vi: '{field} phải là thời điểm viết như 2025/07/01 08:30:00.',
    en: '{field} must be a time written like 2025/07/01 08:30:00.',
  },
  'warning.FIELD_ODD_CHARACTERS': {
    vi: '{field} chứa ký tự ẩn hoặc ký tự đổi chiều chữ.',
    en: '{field} carries invisible or direction-changing characters.',
  },
  'warning.ORGAN_ID_NULL': {
    vi: '{field} để trống hoặc ghi "null", không phải mã cơ quan.',
    en: '{field} is empty or says "null", which is no code of an organisation.',
  },
  'warning.RECEIVER_FOLLOWED': {
    vi: 'Cơ quan nhận {organ} đã kết thúc hoạt động sau ngày {validTo}; văn bản được chuyển tới cơ quan kế thừa {successor}.',
    en: 'The recipient {organ} closed after {validTo}; its successor {successor} gets the document.',
  },
  'warning.RECEIVER_WAITS': {
    vi: 'Cơ quan nhận {organ} đã chia tách sau ngày {validTo} thành {candidates}; văn bản chờ quyết định giao cho cơ quan nào.',
    en: 'The recipient {organ} was split after {validTo} into {candidates}; the document waits until it is decided who gets it.',
  },
  'closedCode.delivered': {
    vi: 'Gửi tới {code}, đã kết thúc hoạt động sau ngày {validTo}: đã tới cơ quan kế thừa {successors}.',
    en: 'Addressed to {code}, closed after {validTo}: delivered to its successor {successors}.',
  },
  'closedCode.goes': {
    vi: 'Gửi tới {code}, đã kết thúc hoạt động sau ngày {validTo}: đang chuyển tới cơ quan kế thừa {successors}.',
    en: 'Addressed to {code}, closed after {validTo}: on its way to its successor {successors}.',
  },
  'closedCode.waits': {
    vi: 'Gửi tới {code}, đã chia tách sau ngày {validTo}: chờ quyết định giao cho cơ quan nào trong {successors}.',
    en: 'Addressed to {code}, split after {validTo}: waits until it is decided which of {successors} gets it.',
  },
  'closedCode.read': {
    vi: 'Gửi tới {code}, đã chia tách sau ngày {validTo}: một trong các cơ quan {successors} đã lấy.',
    en: 'Addressed to {code}, split after {validTo}: one of {successors} has collected it.',
  },
  'closedCode.ended': {
    vi: 'Gửi tới {code}, đã kết thúc hoạt động sau ngày {validTo}: không được giao; cơ quan kế thừa là {successors}.',
    en: 'Addressed to {code}, closed after {validTo}: not delivered; {successors} took over.',
  },
  'closedCode.nobody': {
    vi: 'Gửi tới {code}, đã kết thúc hoạt động sau ngày {validTo}: không có cơ quan kế thừa.',
    en: 'Addressed to {code}, closed after {validTo}: nobody took over.',
  },
} as const
