/** What people read about the signature in a document. */
import type { Sentence } from './catalogue.ts'
import type { ErrorCode } from './errors.ts'

export const vietnameseSignatureErrors = {
  SIGNATURE_MISSING: {
    text: 'Gói tin không có chữ ký số.',
    action:
      'Ký số gói tin trong phần mềm quản lý văn bản, hoặc đặt chính sách của nút chấp nhận gói tin chưa ký của cơ quan này.',
  },
  SIGNATURE_PLACEHOLDER: {
    text: 'Phần chữ ký trong gói tin chỉ là mẫu để giữ chỗ[: {what}].',
    action: 'Cấu hình phần mềm quản lý văn bản ký bằng chữ ký thật, hoặc bỏ phần giữ chỗ đó.',
  },
  SIGNATURE_TOO_LARGE: {
    text: 'Gói tin quá lớn để kiểm tra chữ ký số[ ({what}: tối đa {limit})].',
    action: 'Giảm dung lượng tệp đính kèm, hoặc nâng giới hạn của nút.',
  },
  SIGNATURE_COMMENT: {
    text: 'Gói tin đã ký không được chứa chú thích, khối CDATA hay chỉ thị xử lý[ ({what})].',
    action: 'Đề nghị đơn vị gửi bỏ các phần đó trong phần mềm, ký lại rồi gửi lại.',
  },
  SIGNATURE_CONTENT_HIDDEN: {
    text: 'Gói tin được viết theo cách có thể che giấu nội dung khỏi chữ ký số[ ({what})].',
    action: 'Không sử dụng; giữ lại làm chứng cứ, báo cho quản trị viên và hỏi lại đơn vị gửi qua kênh khác.',
  },
  SIGNATURE_NAMESPACE: {
    text: 'Gói tin đã ký dùng không gian tên XML không được phép[: {namespace}].',
    action: 'Đề nghị đơn vị gửi chỉ dùng cấu trúc edXML, hoặc cho phép không gian tên này trong chính sách.',
  },
  SIGNATURE_ID_REPEATED: {
    text: 'Hai phần tử trong gói tin đã ký trùng mã Id[: {id}].',
    action: 'Đề nghị đơn vị gửi cấp Id riêng cho từng phần tử, ký lại rồi gửi lại.',
  },
  SIGNATURE_REPEATED: {
    text: 'Gói tin đã có chữ ký số, và chỉ được có một chữ ký.',
    action: 'Gửi gói tin với đúng một chữ ký trên toàn bộ gói tin.',
  },
  SIGNATURE_MISPLACED: {
    text: 'Chữ ký số không nằm đúng vị trí ở cuối phần đầu gói tin.',
    action: 'Đề nghị đơn vị gửi đặt chữ ký đúng vị trí, ký lại rồi gửi lại.',
  },
  SIGNATURE_SHAPE: {
    text: 'Chữ ký số không đúng cấu trúc quy định[: {what}].',
    action: 'Đề nghị đơn vị gửi cấu hình chữ ký chỉ gồm SignedInfo, SignatureValue và KeyInfo.',
  },
  SIGNATURE_REFERENCE: {
    text: 'Chữ ký số không bao trùm toàn bộ gói tin[: {what}].',
    action: 'Đề nghị đơn vị gửi ký với đúng một Reference có URI rỗng.',
  },
  SIGNATURE_TRANSFORM: {
    text: 'Chữ ký số dùng phép biến đổi hoặc chuẩn hóa không được phép[: {algorithm}].',
    action: 'Đề nghị đơn vị gửi ký với enveloped-signature và chuẩn hóa loại trừ (exclusive).',
  },
  SIGNATURE_ALGORITHM: {
    text: 'Chữ ký số dùng thuật toán không được phép[: {algorithm}].',
    action: 'Đề nghị đơn vị gửi ký bằng rsa-sha256 hoặc ecdsa-sha256 với hàm băm sha256.',
  },
  SIGNATURE_KEY_UNKNOWN: {
    text: 'Chữ ký số không dùng khóa đã đăng ký cho đơn vị gửi[ {sender}].',
    action: 'Kiểm tra chứng thư số đã đăng ký của đơn vị gửi; nếu đã đổi, hãy đăng ký chứng thư mới trước.',
  },
  SIGNATURE_KEY_UNSUITABLE: {
    text: 'Khóa hoặc chứng thư số không dùng được để ký gói tin[: {what}].',
    action: 'Đăng ký khóa RSA từ 2048 bit trở lên hoặc khóa P-256, với chứng thư cho phép ký số.',
  },
  SIGNATURE_KEY_EXPIRED: {
    text: 'Chứng thư số của chữ ký không nằm trong thời hạn hiệu lực[ ({from} – {until})].',
    action: 'Gia hạn và đăng ký lại chứng thư; nếu chứng thư còn hạn, kiểm tra đồng hồ của nút.',
  },
  SIGNATURE_KEY_REVOKED: {
    text: 'Khóa của chữ ký số đã bị thu hồi.',
    action: 'Không sử dụng gói tin; đề nghị đơn vị gửi ký lại bằng khóa còn hiệu lực.',
  },
  SIGNATURE_INVALID: {
    text: 'Chữ ký số không đúng; gói tin có thể đã bị sửa sau khi ký.',
    action: 'Không sử dụng; báo cho quản trị viên và đề nghị đơn vị gửi gửi lại.',
  },
} as const satisfies Partial<Record<ErrorCode, Sentence>>
