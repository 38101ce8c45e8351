/** What people read about joining and leaving, and about what a node sends its parent itself. */
import type { Sentence } from './catalogue.ts'
import type { ErrorCode } from './errors.ts'

export const vietnameseJoiningErrors = {
  TOKEN_INVALID: {
    text: 'Đây không phải mã mời, hoặc mã đã hỏng khi chuyển[: {why}].',
    action: 'Sao chép lại trọn dòng từ lt1. đến hết, hoặc dùng tệp mà nút cấp trên đã ghi.',
  },
  TOKEN_EXPIRED: {
    text: 'Mã mời[ của nút {node}] đã hết hạn[ ngày {until}].',
    action: 'Đề nghị nút cấp trên mời lại: node invite.',
  },
  TOKEN_USED: {
    text: 'Mã mời[ của nút {node}] đã được dùng, với khoá khác.',
    action: 'Hỏi nút cấp trên ai đã tham gia bằng mã này; nếu không phải người của mình: node revoke rồi node invite.',
  },
  TOKEN_OTHER_NODE: {
    text: 'Mã mời dành cho nút khác[: {node}].',
    action: 'Dùng mã tại đúng nút đó, hoặc đề nghị nút cấp trên cấp mã riêng.',
  },
  JOIN_REFUSED: {
    text: 'Nút cấp trên[ {parent}] không biết mã mời này: đã dùng, hết hạn hoặc đã thu hồi.',
    action: 'Đề nghị nút cấp trên mời lại: node invite. Nếu nút này đã tham gia, lệnh status cho thấy đường nối.',
  },
  NODE_JOINED: {
    text: 'Nút đã tham gia[ dưới nút {parent}].',
    action: 'Muốn chuyển sang nút cấp trên khác thì rời nút này trước: node leave.',
  },
  NODE_IS_ROOT: {
    text: 'Nút là gốc của trục riêng và giữ khoá của chính mình làm gốc.',
    action: 'Kết nối bằng node bridge, trục của nút vẫn nguyên vẹn.',
  },
  NODE_NOT_DRAINED: {
    text: 'Nút chưa xử lý xong[: {documents} văn bản chưa có kết quả, {rows} mục hộp thư chưa bàn giao, {assemblies} văn bản nhận dở, {spool} gói tin chờ gửi lên].',
    action: 'Chờ rồi rời lại, hoặc rời ngay bằng --force: khi đó phần còn lại không ai biết kết quả.',
  },
  NODE_NOT_JOINED: {
    text: 'Nút[ {node}] chưa thuộc trục nào.',
    action: 'Cho nút tham gia nút cấp trên trước (node join), hoặc lập trục mới với nút làm gốc (node init --root).',
  },
  PARENT_OLDER: {
    text: 'Phần mềm của nút cấp trên[ {parent}] chưa có chức năng này.',
    action: 'Đề nghị quản trị nút cấp trên cập nhật phần mềm; mọi việc khác vẫn chạy như cũ.',
  },
  ACCOUNT_NOT_MADE: {
    text: 'RabbitMQ chưa có tài khoản của[ {count}] lời mời[ ({reason})]: chưa giao gì.',
    action: 'Khắc phục RabbitMQ (doctor) rồi chạy lại đúng lệnh này: lệnh làm tiếp từ chỗ dừng.',
  },
  NODE_NO_PARENT: {
    text: 'Nút không có nút cấp trên để gửi gói hỗ trợ.',
    action: 'Ghi gói ra tệp (--out) rồi gửi bằng cách khác; hoặc cho nút tham gia nút cấp trên trước: node join.',
  },
  BUNDLE_REFUSED: {
    text: 'Gói hỗ trợ[ của {from}] chỉ được nhận ở nút cấp trên trực tiếp của nút gửi.',
    action:
      'Nếu nút vừa chuyển sang nút cấp trên khác, hãy gửi lại. Nếu không, có nút đang mạo danh: kiểm tra ai dùng đường nối đó.',
  },
  BUNDLE_TOO_LARGE: {
    text: 'Gói hỗ trợ vượt quá dung lượng cho phép[ ({maxBytes} byte)].',
    action: 'Lấy ít dòng nhật ký hơn: --lines.',
  },
  BUNDLES_WAITING: {
    text: 'Đã có [{count} ]gói hỗ trợ đang chờ chuyển tới nút cấp trên.',
    action: 'Các gói ấy sẽ tới khi đường nối thông: link list cho biết vì sao chưa thông. Ghi gói này ra tệp: --out.',
  },
} as const satisfies Partial<Record<ErrorCode, Sentence>>
