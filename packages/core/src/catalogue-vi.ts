import type { Sentence } from './catalogue.ts'
import { vietnameseJoiningErrors } from './catalogue-joining-vi.ts'
import { vietnameseSignatureErrors } from './catalogue-signatures-vi.ts'
import type { ErrorCode } from './errors.ts'

export const vietnameseErrors: Readonly<Record<ErrorCode, Sentence>> = {
  NOT_EDXML: {
    text: 'Tệp không phải là gói tin edXML hợp lệ[: {why}][ (phần tử {field})][ (tối đa {limit})][ (dòng {line})].',
    action: 'Xuất lại văn bản từ phần mềm quản lý văn bản theo đúng định dạng edXML rồi gửi lại.',
  },
  DOCUMENT_TOO_LARGE: {
    text: 'Văn bản vượt quá dung lượng cho phép[ ({maxBytes} byte)].',
    action: 'Giảm dung lượng tệp đính kèm hoặc tách thành nhiều văn bản.',
  },
  DOCUMENT_ID_MISSING: {
    text: 'Gói tin không có mã định danh văn bản (DocumentId).',
    action: 'Bổ sung mã định danh văn bản trong phần mềm quản lý văn bản rồi gửi lại.',
  },
  DOCUMENT_ID_REUSED: {
    text: 'Mã định danh văn bản[ {documentId}] đã được dùng cho một văn bản có nội dung khác.',
    action: 'Cấp mã định danh mới cho văn bản này; không sửa nội dung của văn bản đã gửi.',
  },
  SENDER_NOT_ALLOWED: {
    text: 'Hệ thống này không được phép gửi thay cho cơ quan[ {organ}].',
    action: 'Kiểm tra đơn vị gửi ghi trong gói tin, hoặc đề nghị quản trị viên nút gán cơ quan cho hệ thống.',
  },
  RECEIVER_MISSING: {
    text: 'Văn bản không ghi nơi nhận.',
    action: 'Chọn ít nhất một cơ quan nhận rồi gửi lại.',
  },
  RECEIVER_UNKNOWN: {
    text: 'Không tìm thấy cơ quan nhận[ {organ}] trong danh bạ liên thông.',
    action: 'Tra lại mã định danh của nơi nhận; nếu cơ quan đã sáp nhập hoặc đổi mã, hãy dùng mã mới.',
  },
  RECEIVER_SPLIT: {
    text: 'Cơ quan nhận[ {organ}] đã được chia tách[ sau ngày {validTo}][ thành {candidates}].',
    action: 'Chọn đúng cơ quan kế thừa cần nhận văn bản rồi gửi lại.',
  },
  RECEIVER_CLOSED: {
    text: 'Cơ quan nhận[ {organ}] đã kết thúc hoạt động[ sau ngày {validTo}] và không có cơ quan kế thừa.',
    action: 'Tra lại cơ quan hiện đảm nhiệm việc này rồi gửi tới đó.',
  },
  RECEIVER_REPLACED: {
    text: 'Cơ quan nhận[ {organ}] đã kết thúc hoạt động[ sau ngày {validTo}]; cơ quan kế thừa[ {successor}][ ({name})] nhận văn bản bằng mã của mình.',
    action: 'Gửi lại tới cơ quan kế thừa.',
  },
  RECEIVER_NOT_YET: {
    text: 'Cơ quan nhận[ {organ}] chưa hoạt động[; bắt đầu từ ngày {validFrom}].',
    action: 'Gửi lại từ ngày đó, hoặc gửi tới cơ quan đang đảm nhiệm việc này.',
  },
  RECEIVER_HELD: {
    text: 'Nút này đang tạm giữ văn bản gửi tới cơ quan nhận[ {organ}][ đến hết ngày {until}][: {reason}].',
    action: 'Gửi lại khi hết thời gian tạm giữ, hoặc hỏi người quản trị nút.',
  },
  DOCUMENT_SECRET: {
    text: 'Văn bản mang dấu độ mật[ "{mark}"][ tại {field}]; văn bản bí mật nhà nước không được gửi qua hệ thống này.',
    action:
      'Gửi văn bản theo quy định về bảo vệ bí mật nhà nước; nếu văn bản không thuộc bí mật nhà nước, sửa trường đó rồi gửi lại.',
  },
  RECALL_NOT_SENDER: {
    text: 'Chỉ cơ quan đã gửi văn bản[ {documentId}] mới được thu hồi, cập nhật, thay thế hoặc lấy lại văn bản đó.',
    action: 'Kiểm tra lại mã văn bản trong gói tin; nếu cần thu hồi, đề nghị cơ quan đã gửi văn bản thực hiện.',
  },
  DOCUMENT_RECALLED: {
    text: 'Bên gửi đã thu hồi văn bản này nên không nhận được nữa.',
    action: 'Không cần xử lý; nếu vẫn cần văn bản, đề nghị bên gửi gửi lại.',
  },
  DECISION_LATE: {
    text: 'Văn bản[ {uid}] không còn gì để quyết định[: đã chuyển cho {heir}].',
    action:
      'Xem ai đang giữ bằng lienthong where; khi chưa ai nhận, có thể quyết định lại tại nút của cơ quan kế thừa đó.',
  },
  USE_HTTP: {
    text: 'Văn bản quá lớn để gửi qua hàng đợi AMQP[ (tối đa {maxBytes} byte)].',
    action: 'Gửi văn bản này qua giao diện HTTP của nút.',
  },
  ATTACHMENT_UNREADABLE: {
    text: 'Không đọc được tệp đính kèm[ số {number}][: {why}].',
    action: 'Đề nghị nơi gửi đính kèm lại tệp rồi gửi lại văn bản.',
  },
  ...vietnameseSignatureErrors,
  ...vietnameseJoiningErrors,
  FRAME_INVALID: {
    text: 'Khung dữ liệu nhận được sai cấu trúc[: {why}].',
    action: 'Kiểm tra phiên bản phần mềm của nút gửi; khung này được giữ trong danh mục thư chết để đối chiếu.',
  },
  FRAME_TOO_LARGE: {
    text: 'Khung dữ liệu lớn hơn mức cho phép trên đường liên thông[ ({maxBytes} byte)].',
    action: 'Kiểm tra cấu hình và phiên bản của nút gửi.',
  },
  VERSION_UNSUPPORTED: {
    text: 'Nút gửi dùng phiên bản giao thức[ {version}] mà nút này chưa hỗ trợ.',
    action: 'Nâng cấp nút này, hoặc cấu hình nút gửi dùng phiên bản chung cao nhất.',
  },
  SEAL_INVALID: {
    text: 'Dấu niêm phong của văn bản không đúng; văn bản có thể đã bị sửa trên đường đi.',
    action: 'Không sử dụng văn bản này; báo cho quản trị viên và đề nghị nơi gửi gửi lại.',
  },
  KEY_UNKNOWN: {
    text: 'Không có khóa[ {kid}] trong danh bạ để kiểm tra dấu niêm phong.',
    action: 'Cập nhật danh bạ của nút; nếu vẫn thiếu, liên hệ đơn vị quản lý nút gửi.',
  },
  KEY_REVOKED: {
    text: 'Khóa[ {kid}] đã bị thu hồi; mọi dấu niêm phong bằng khóa này không còn giá trị.',
    action: 'Nút gửi phải niêm phong bằng khóa mới (`lienthong key rotate`); không dùng văn bản mang dấu của khóa cũ.',
  },
  KEY_EXPIRED: {
    text: 'Khóa[ {kid}] nằm ngoài thời hạn hiệu lực[ ({state})].',
    action: 'Kiểm tra khóa trong danh bạ và đồng hồ của nút này; khóa đã hết hạn phải được thay.',
  },
  KEY_NOT_VOUCHED: {
    text: 'Khóa[ {kid}] chưa được ai trong chuỗi tin cậy từ khóa gốc của danh bạ bảo đảm.',
    action: 'Đề nghị nút cấp trên ký bảo đảm cho khóa bằng lệnh `lienthong key vouch`.',
  },
  KEY_HANDOVER_MISSING: {
    text: 'Nút[ {node}] đã có khóa, còn khóa mới[ {kid}] không có chữ ký của khóa cũ lẫn của cấp trên hai bậc.',
    action: 'Thay khóa bằng chính khóa cũ; nếu khóa cũ đã mất, đề nghị cấp trên của cấp trên cùng ký.',
  },
  KEY_EXISTS: {
    text: 'Ở vị trí này đã có khóa[ {kid}][, trong {file}].',
    action: 'Dùng tiếp khóa đó: mỗi khóa chỉ bàn giao cho một khóa khác, và tệp khóa không bao giờ bị ghi đè.',
  },
  CERTIFICATE_INVALID: {
    text: 'Không dùng được chứng thư này[: {reason}].',
    action: 'Đề nghị cơ quan gửi chứng thư đang có hiệu lực, dạng X.509 trong tệp PEM.',
  },
  FROM_NOT_ALLOWED: {
    text: 'Đường liên thông[ {link}] không được phép gửi thay cho đơn vị gửi[ {from}] của văn bản.',
    action: 'Kiểm tra đơn vị gửi có thuộc nút cấp dưới đó không; nếu vừa chuyển nút, hãy cập nhật danh bạ.',
  },
  USER_ID_REQUIRED: {
    text: 'Thông điệp AMQP thiếu thuộc tính user_id nên không xác định được hệ thống gửi.',
    action: 'Đặt user_id đúng bằng tài khoản đang kết nối rồi gửi lại.',
  },
  CC_REFUSED: {
    text: 'Thông điệp AMQP có tiêu đề CC nên bị từ chối.',
    action: 'Bỏ tiêu đề CC; nơi nhận chỉ được ghi trong gói tin.',
  },
  SIGNAL_NOT_ALLOWED: {
    text: 'Nút[ {node}] không có quyền phát tín hiệu này.',
    action: 'Kiểm tra nút phát; tín hiệu giả mạo đã bị bỏ qua và được ghi vào nhật ký.',
  },
  LOOP: {
    text: 'Văn bản đi vòng giữa các nút[ tại {node}] và đã được giữ lại.',
    action: 'So sánh bảng định tuyến của các nút trên đường đi, sửa chỗ không khớp rồi phát lại từ danh mục thư chết.',
  },
  DIGEST_MISMATCH: {
    text: 'Nội dung nhận được không khớp với mã băm do nơi gửi niêm phong.',
    action: 'Nút gốc sẽ được yêu cầu gửi lại; nếu lặp lại nhiều lần, kiểm tra ổ đĩa của nút gốc.',
  },
  DOCUMENT_TOO_OLD: {
    text: 'Văn bản được niêm phong đã quá lâu[ ({days} ngày)] nên không được nhận.',
    action: 'Đề nghị nơi gửi phát hành lại văn bản nếu còn cần.',
  },
  DOCUMENT_FROM_FUTURE: {
    text: 'Thời điểm niêm phong của văn bản ở sau thời điểm hiện tại hơn một ngày.',
    action: 'Kiểm tra đồng hồ của nút gốc và của nút này.',
  },
  LINK_FULL: {
    text: 'Hàng đợi tới nút[ {node}] đang đầy; văn bản được hoãn lại.',
    action: 'Không cần gửi lại: nút gốc tự gửi tiếp khi có chỗ. Kiểm tra nút nhận nếu tình trạng kéo dài.',
  },
  ROUTE_CHANGED: {
    text: 'Đường đi của văn bản vừa thay đổi; văn bản được hoãn lại.',
    action: 'Không cần gửi lại: nút gốc tự gửi theo bảng định tuyến mới. Nếu quá 24 giờ, kiểm tra danh bạ.',
  },
  ASSEMBLY_FULL: {
    text: 'Nút nhận đang ghép quá nhiều văn bản lớn cùng lúc; văn bản được hoãn lại.',
    action: 'Không cần gửi lại: nút gốc tự gửi tiếp sau ít phút.',
  },
  LINK_DOWN: {
    text: 'Chưa kết nối được với nút[ {node}] kế tiếp.',
    action: 'Không cần gửi lại: văn bản chờ trong hàng đi. Kiểm tra đường truyền nếu tình trạng kéo dài.',
  },
  CONFIRM_TIMEOUT: {
    text: 'Máy chủ hàng đợi không xác nhận trong thời gian cho phép.',
    action: 'Kiểm tra dung lượng đĩa và bộ nhớ của máy chủ RabbitMQ; nút tự thử lại.',
  },
  ACCESS_DENIED: {
    text: 'Hệ thống không được chấp nhận: thông tin xác thực thiếu, sai, hết hạn hoặc đã bị khoá.',
    action: 'Kiểm tra mã hệ thống, khoá hoặc chứng thư; xin cấp lại ở quản trị viên của nút.',
  },
  SCOPE_MISSING: {
    text: 'Hệ thống[ {system}] chưa được phép làm việc này[ (thiếu quyền {scope})].',
    action: 'Xin quản trị viên của nút cấp thêm quyền cho hệ thống.',
  },
  LEASE_LOST: {
    text: 'Văn bản không còn được giữ cho phía yêu cầu: thời hạn giữ đã hết hoặc nơi khác đã nhận.',
    action: 'Lấy lại danh sách văn bản đang chờ; không xử lý tiếp theo lượt giữ cũ.',
  },
  RANGE_INVALID: {
    text: 'Đoạn dữ liệu yêu cầu nằm ngoài văn bản[ (kích thước {size} byte)].',
    action: 'Yêu cầu một đoạn nằm trong kích thước của văn bản.',
  },
  UPLOAD_OFFSET: {
    text: 'Phần tải lên không nối tiếp đúng chỗ[: phải bắt đầu từ byte {offset}].',
    action: 'Hỏi lại vị trí của lượt tải lên, rồi gửi tiếp từ đó.',
  },
  NOT_AS_ANNOUNCED: {
    text: 'Nội dung nhận được không khớp với mã băm SHA-256 mà bên gửi đã khai kèm.',
    action: 'Kiểm tra mã băm có đúng là của chính tệp đang gửi hay không, rồi gửi lại.',
  },
  UPLOADS_FULL: {
    text: 'Hệ thống có quá nhiều lượt tải lên chưa hoàn tất.',
    action: 'Hoàn tất hoặc huỷ bớt các lượt tải lên, rồi thử lại.',
  },
  HOOKS_FULL: {
    text: 'Hệ thống đã có quá nhiều đăng ký webhook[ (tối đa {limit})].',
    action: 'Xoá bớt đăng ký không còn dùng, rồi đăng ký lại.',
  },
  HOOK_TARGET_REFUSED: {
    text: 'Nút không gửi webhook tới địa chỉ này[: {host}].',
    action: 'Dùng địa chỉ https công khai, hoặc đề nghị quản trị viên khai báo máy chủ này trong webhooks.allow.',
  },
  SYSTEM_EXISTS: {
    text: 'Đã có hệ thống mang mã này[ ({system})].',
    action: 'Chọn mã khác, hoặc cấp lại thông tin xác thực cho hệ thống đã có.',
  },
  SYSTEM_DECLARED: {
    text: 'Hệ thống[ {system}] được khai báo trong node.yaml.',
    action: 'Sửa trong node.yaml rồi khởi động lại nút; khoá API và chứng thư vẫn cấp được bằng lệnh.',
  },
  OPERATOR_DENIED: {
    text: 'Người vận hành không được chấp nhận: khoá thiếu, sai, hết hạn hoặc đã bị khoá lại.',
    action: 'Kiểm tra khoá ghi trong ngữ cảnh (`lienthong context list`), hoặc xin quản trị viên của nút cấp khoá mới.',
  },
  OPERATOR_LOCKED: {
    text: 'Địa chỉ này đã dùng khoá sai quá nhiều lần và tạm thời bị chặn.',
    action: 'Chờ[ {retryAfterSeconds} giây] rồi thử lại bằng khoá đúng.',
  },
  OPERATOR_EXISTS: {
    text: 'Đã có người vận hành mang mã này[ ({operator})].',
    action: 'Chọn mã khác, hoặc cấp lại khoá cho người đã có.',
  },
  ROLE_MISSING: {
    text: 'Người vận hành[ {operator}] không có quyền làm việc này[ (cần vai trò {role})].',
    action: 'Nhờ người có vai trò đó làm, hoặc xin quản trị viên của nút đổi vai trò.',
  },
  CALL_INVALID: {
    text: 'Lời gọi chưa đúng[: {reason}].',
    action: 'Đối chiếu với mô tả giao diện tại /openapi.json.',
  },
  ORGAN_REQUIRED: {
    text: 'Hệ thống[ {system}] đại diện cho nhiều cơ quan, nhưng lời gọi chưa nêu cơ quan nào.',
    action: 'Nêu cơ quan bằng tham số "as".',
  },
  FIELD_INVALID: {
    text: 'Lời gọi thiếu thông tin, hoặc thông tin không đúng[: {field}].',
    action: 'Kiểm tra giá trị này trong phần mềm rồi gọi lại.',
  },
  REGISTRATION_REFUSED: {
    text: 'Không thể đăng ký hoặc xóa cơ quan[ {organ}] từ phần mềm: danh mục do quản trị viên của nút quản lý.',
    action: 'Đề nghị quản trị viên của nút cập nhật danh mục hoặc gán cơ quan cho hệ thống.',
  },
  PLAIN_HTTP_REFUSED: {
    text: 'Nút không nhận HTTP không mã hóa từ địa chỉ này[ ({address})].',
    action: 'Dùng HTTPS, hoặc đề nghị quản trị viên khai báo mạng này trong vxp.plainHttpFrom.',
  },
  RATE_LIMITED: {
    text: 'Hệ thống này gọi quá nhiều lần trong một phút.',
    action: 'Chờ[ {retryAfterSeconds} giây] rồi gọi lại; giảm tần suất hỏi, hoặc dùng thông báo thay cho hỏi liên tục.',
  },
  LISTEN_FAILED: {
    text: 'Không mở được cổng HTTP[ {address}].',
    action: 'Kiểm tra cổng có đang bị chương trình khác dùng không và quyền mở cổng.',
  },
  NODE_UNREACHABLE: {
    text: 'Không kết nối được với nút[ tại {url}][ ({reason})].',
    action: 'Kiểm tra địa chỉ, mạng và trạng thái hoạt động của nút; có thể gọi lại.',
  },
  ANSWER_INVALID: {
    text: 'Câu trả lời không phải của một nút[ (HTTP {status})][: {reason}].',
    action: 'Kiểm tra địa chỉ có đúng là của nút không và có thiết bị trung gian nào trả lời thay không.',
  },
  CLIENT_CLOSED: {
    text: 'Kết nối của phần mềm với nút đã được đóng.',
    action: 'Hãy mở kết nối mới.',
  },
  WEBHOOK_INVALID: {
    text: 'Lời gọi không chứng minh được là do nút gửi[: {reason}].',
    action: 'Trả lời với mã 401 và không xử lý gì thêm; nếu đúng là nút gửi, hãy kiểm tra khóa bí mật và đồng hồ.',
  },
  BROKER_UNREACHABLE: {
    text: 'Không kết nối được với máy chủ hàng đợi[ tại {url}].',
    action: 'Kiểm tra dịch vụ RabbitMQ đang chạy và địa chỉ trong cấu hình.',
  },
  BROKER_REFUSED: {
    text: 'Máy chủ hàng đợi từ chối yêu cầu[: {reason}].',
    action: 'Kiểm tra tài khoản, mật khẩu và quyền trên vhost của nút.',
  },
  TOPOLOGY_DIFFERS: {
    text: 'Đối tượng[ {name}] trên máy chủ hàng đợi khác với cấu hình của nút.',
    action: 'Chạy lệnh sửa được nêu kèm theo[: {command}], hoặc xóa đối tượng để nút tạo lại.',
  },
  STORE_LOCKED: {
    text: 'Kho dữ liệu[ {dir}] đang được một tiến trình khác sử dụng.',
    action: 'Dừng tiến trình đó, hoặc chọn thư mục dữ liệu khác.',
  },
  STORE_NEWER: {
    text: 'Kho dữ liệu[ {dir}] do phiên bản mới hơn của phần mềm tạo ra.',
    action: 'Chạy phiên bản phần mềm mới hơn; không mở kho bằng phiên bản cũ.',
  },
  STORE_FAILED: {
    text: 'Không ghi hoặc không đọc được kho dữ liệu[: {reason}].',
    action: 'Kiểm tra ổ đĩa và quyền truy cập thư mục dữ liệu của nút.',
  },
  DISK_FULL: {
    text: 'Ổ đĩa chứa dữ liệu của nút[ {dir}] đã đầy.',
    action: 'Giải phóng dung lượng đĩa; nút tự tiếp tục khi có chỗ.',
  },
  NODE_STOPPING: {
    text: 'Nút[ {node}] đang dừng nên không nhận thêm việc.',
    action: 'Chờ nút khởi động lại rồi thử lại.',
  },
  DIRECTORY_INVALID: {
    text: 'Danh bạ không hợp lệ[: {reason}][ ({id})].',
    action: 'Sửa mục được nêu trong danh bạ rồi nạp lại.',
  },
  ANNOUNCEMENT_INVALID: {
    text: 'Bản công bố[ của nút {node}] không hợp lệ[: {reason}][ ({id})].',
    action: 'Báo người quản trị nút đó; bản công bố trước của nút vẫn có hiệu lực.',
  },
  ANNOUNCEMENT_OLD: {
    text: 'Bản công bố[ của nút {node}] cũ hơn bản đang có.',
    action: 'Không cần làm gì. Nếu nút đó vừa khôi phục từ bản sao lưu, nút sẽ tự tiếp tục cao hơn bản đang có.',
  },
  ANNOUNCEMENT_ORPHAN: {
    text: 'Nút cấp trên[ {parent}] chưa công bố nút[ {node}].',
    action: 'Ở nút cấp trên, kiểm tra nút này đã được ghi nhận là nút cấp dưới; danh bạ sẽ tự nhận sau đó.',
  },
  DELEGATION_EXCEEDED: {
    text: 'Ngoài phạm vi mã được nút cấp trên giao[: {id}][ (nút {node})].',
    action: 'Đề nghị nút cấp trên giao thêm mã, hoặc bỏ mục này khỏi bảng của nút.',
  },
  BASE_MOVED: {
    text: 'Bảng của nút đã thay đổi[, nay là phiên bản {version}], sau khi thay đổi này được soạn.',
    action: 'Xem lại trên bảng hiện nay rồi áp dụng lần nữa.',
  },
  DECLARED_INVALID: {
    text: 'Nội dung khai cho nút không hợp lệ[: {reason}].',
    action: 'Sửa theo lý do nêu trên rồi thử lại; chưa có gì thay đổi.',
  },
  SHEET_INVALID: {
    text: 'Bảng[ {file}] không được nhận[: {count} dòng có lỗi].',
    action: 'Sửa các dòng đó[ theo cột cuối của {errors}] rồi nhập lại; chưa có gì thay đổi.',
  },
  DIRECTORY_FIXED: {
    text: 'Danh bạ của nút[ {node}] là một tệp, chỉ sửa được trong tệp đó.',
    action: 'Sửa tệp danh bạ rồi khởi động lại nút, hoặc cho nút tham gia danh bạ sống.',
  },
  CONFIG_INVALID: {
    text: 'Tệp cấu hình[ {file}] không hợp lệ[: {reason}].',
    action: 'Sửa tệp tại vị trí được nêu[ (dòng {line}, cột {column})] rồi chạy lại.',
  },
  FILE_UNREADABLE: {
    text: 'Không đọc được tệp[ {file}][ ({reason})].',
    action: 'Kiểm tra đường dẫn và quyền đọc tệp.',
  },
  FILE_UNWRITABLE: {
    text: 'Không ghi được tệp[ {file}][ ({reason})].',
    action: 'Kiểm tra thư mục, quyền ghi và dung lượng trống, hoặc chọn tệp khác.',
  },
  CONTROL_PATH_TOO_LONG: {
    text: 'Đường dẫn ổ cắm điều khiển[ {path}] dài hơn mức hệ điều hành cho phép[ ({limit} byte)].',
    action: 'Chọn thư mục dữ liệu có đường dẫn ngắn hơn.',
  },
  CONTROL_DENIED: {
    text: 'Bạn không được phép mở ổ cắm điều khiển[ {path}] của nút.',
    action: 'Chạy lệnh bằng tài khoản hệ thống đang chạy nút.',
  },
  NODE_NOT_RUNNING: {
    text: 'Nút[ {node}] chưa chạy hoặc không trả lời.',
    action: 'Khởi động nút[ bằng lệnh `{start}`] rồi thử lại.',
  },
  NOT_FOUND: {
    text: 'Không tìm thấy nội dung được yêu cầu[ ({what})].[ Văn bản mà các cơ quan chuyển về nút này đã gửi trước đó lưu tại {nodes}: hãy hỏi ở đó.]',
    action: 'Kiểm tra lại mã hoặc số hiệu đã nhập.',
  },
  USAGE: {
    text: 'Lệnh chưa đúng[: {reason}].',
    action: 'Xem cách dùng bằng tùy chọn --help.',
  },
  INTERNAL: {
    text: 'Đã xảy ra lỗi ngoài dự kiến[: {reason}].',
    action: 'Gửi nhật ký của nút cho đơn vị hỗ trợ; thao tác có thể được thử lại.',
  },
}
