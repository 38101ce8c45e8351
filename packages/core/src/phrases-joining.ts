/** Commands by which nodes come into being, join, and leave: their help, and what they print. */
export const joiningPhrases = {
  'help.node.init': {
    vi: 'Lập một nút mới: khoá, node.yaml, thư mục dữ liệu; chạy lại không đổi gì',
    en: 'Make a new node: key, node.yaml, data folder; run again it changes nothing',
  },
  'help.node.invite': {
    vi: 'Mời nút cấp dưới; mỗi nút một mã dùng một lần, có hạn. Chạy lại thì mã cũ giữ nguyên',
    en: 'Invite nodes below this one, each with a line that is good once and for a time; run again, what was made stays',
  },
  'help.node.invitations': { vi: 'Liệt kê các lời mời còn mở', en: 'List the invitations that are open' },
  'help.node.join': {
    vi: 'Tham gia dưới nút cấp trên bằng mã mời, hoặc qua tệp khi chưa có đường truyền',
    en: 'Join a parent by its invitation, or by files where no line exists yet',
  },
  'help.node.bridge': {
    vi: 'Nối trục của nút gốc này vào nút cấp trên; trục vẫn nguyên vẹn, không dừng gì',
    en: 'Connect the axis of this root to a parent; the axis stays whole, and nothing stops',
  },
  'help.node.leave': {
    vi: 'Rời nút cấp trên khi mọi việc dở dang đã xong; sau đó nút chạy một mình',
    en: 'Leave the parent once all that is under way has come to its end; the node goes on by itself',
  },
  'help.node.dismiss': {
    vi: 'Cho nút cấp dưới đã rời đi thôi trực thuộc: đóng tài khoản, giữ khoá và những gì trong hàng đợi',
    en: 'Take out a child that has left: its account is closed; its keys stay good, and what its queues hold stays',
  },
  'help.node.revoke': {
    vi: 'Loại nút cấp dưới: thu hồi khoá và quyền ngay; những gì trong hàng đợi của nó được giữ',
    en: 'Shut a child out at once, its keys taken back; what its queues hold stays',
  },
  'help.init.id': { vi: 'Mã định danh của nút, như H29.18', en: 'Id of the node, such as H29.18' },
  'help.invite.children': { vi: 'Mã các nút cấp dưới', en: 'Ids of the children' },
  'help.join.token': {
    vi: 'Mã mời (lt1.…), tệp chứa mã, hoặc - để đọc từ đầu vào chuẩn',
    en: 'The invitation (lt1.…), a file that holds it, or - for standard input',
  },
  'help.revoke.child': { vi: 'Nút cấp dưới', en: 'The child' },
  'option.init.folder': { vi: 'Thư mục của nút', en: 'Folder of the node' },
  'option.init.data': {
    vi: 'Thư mục dữ liệu, nơi dịch vụ được ghi; mặc định là data trong thư mục của nút',
    en: 'Data folder, where the service may write; data in the folder of the node when left out',
  },
  'option.init.root': { vi: 'Nút là gốc của trục riêng', en: 'The node is the root of an axis of its own' },
  'option.init.tier': { vi: 'Cấp, để người đọc biết', en: 'A word for its tier, for people' },
  'option.init.name': { vi: 'Tên đơn vị của nút', en: 'Name of the unit of the node' },
  'option.init.from': {
    vi: 'Bảng (CSV, .xlsx) các cơ quan do nút phục vụ',
    en: 'Table (CSV, .xlsx) of the organisations it serves',
  },
  'option.init.broker': { vi: 'Địa chỉ RabbitMQ của nút', en: 'Address of the RabbitMQ of the node' },
  'option.init.brokerCa': { vi: 'Chứng thư gốc của RabbitMQ đó, PEM', en: 'Authorities of that RabbitMQ, PEM' },
  'option.init.vhost': { vi: 'vhost của nút; mặc định là mã nút', en: 'Its vhost; the id of the node when left out' },
  'option.init.user': { vi: 'Tài khoản RabbitMQ của nút', en: 'Account of the node at RabbitMQ' },
  'option.init.passwordFile': {
    vi: 'Tệp mật khẩu của tài khoản đó; bỏ trống thì sinh mật khẩu mới',
    en: 'File with the password of that account; one is made when left out',
  },
  'option.init.management': {
    vi: 'Giao diện quản trị RabbitMQ trên máy này',
    en: 'Management of RabbitMQ on this machine',
  },
  'option.init.public': {
    vi: 'Địa chỉ để các nút cấp dưới nối vào, như amqps://mq.h29.example:5671',
    en: 'Address by which children reach it, such as amqps://mq.h29.example:5671',
  },
  'option.init.publicCa': {
    vi: 'Chứng thư gốc giao cho nút cấp dưới, PEM',
    en: 'Authorities to give to children, PEM',
  },
  'option.init.listen': { vi: 'Địa chỉ của cổng HTTP', en: 'Address of the HTTP gateway' },
  'option.invite.delegates': {
    vi: 'Mã giao cho nút cấp dưới; mặc định là mã của chính nút đó',
    en: 'Codes given to the child; its own id when left out',
  },
  'option.invite.tier': { vi: 'Cấp của các nút được mời, để người đọc biết', en: 'A word for their tier, for people' },
  'option.invite.from': {
    vi: 'Bảng (CSV, .xlsx) các nút (child, tier, delegates), hoặc các cơ quan (code, name), mỗi cơ quan một nút',
    en: 'Table (CSV, .xlsx) of children (child, tier, delegates), or of organisations (code, name) with a node each',
  },
  'option.invite.validFor': { vi: 'Mã mời dùng được trong bao lâu', en: 'How long the invitation holds' },
  'option.invite.dryRun': { vi: 'Chỉ cho biết sẽ làm gì', en: 'Say what would be done, and do nothing' },
  'option.invite.out': {
    vi: 'Thư mục (hoặc tệp, với --answer) để ghi, chỉ mình đọc được',
    en: 'Folder (a file with --answer) to write to, readable by you alone',
  },
  'option.invite.answer': {
    vi: 'Trả lời yêu cầu tham gia trong tệp này',
    en: 'Answer the request to join that is in this file',
  },
  'option.join.request': { vi: 'Ghi yêu cầu tham gia ra tệp này', en: 'Write a request to join to this file' },
  'option.join.answer': {
    vi: 'Tham gia bằng tệp trả lời của nút cấp trên',
    en: 'Join by the answer of the parent in this file',
  },
  'option.join.insteadOf': {
    vi: 'Nút cấp trên hiện tại sẽ rời, trong cùng một bước (tổ chức lại)',
    en: 'The present parent that it leaves for this one, in one step (re-organisation)',
  },
  'example.nodeJoinInstead': {
    vi: 'chuyển từ H29 sang nút cấp trên mới',
    en: 'goes from H29 to another parent',
  },
  'option.join.reason': { vi: 'Lý do, ghi vào sổ sự kiện', en: 'Why, for the chain of events' },
  'example.nodeInit': {
    vi: 'nút của tỉnh, gốc của trục riêng',
    en: 'the node of a province, root of an axis of its own',
  },
  'example.nodeInitChild': {
    vi: 'nút của một xã cùng các cơ quan của xã',
    en: 'the node of a commune with its organisations',
  },
  'example.nodeInvite': { vi: 'một nút cấp dưới, mã in ra màn hình', en: 'one child, its line on the screen' },
  'example.nodeInviteMany': { vi: 'cả tỉnh, mỗi nút một tệp', en: 'a whole province, a file for each' },
  'example.nodeInviteAnswer': {
    vi: 'trả lời yêu cầu mang đến bằng thẻ nhớ',
    en: 'answer a request brought by memory stick',
  },
  'example.nodeInvitations': { vi: 'ai chưa tham gia', en: 'who has not joined yet' },
  'example.nodeJoin': { vi: 'bằng tệp mã mời của nút cấp trên', en: 'by the file of the parent' },
  'example.nodeJoinRequest': {
    vi: 'chưa có đường truyền: ghi yêu cầu ra thẻ nhớ',
    en: 'no line yet: a request on a memory stick',
  },
  'example.nodeBridge': { vi: 'tỉnh đang chạy nối vào trung ương', en: 'a running province goes to the centre' },
  'example.nodeLeave': { vi: 'sẽ chuyển sang nút cấp trên khác', en: 'it will go to another parent' },
  'example.nodeDismiss': { vi: 'nút của xã đã giải thể', en: 'the node of a commune that is no more' },
  'example.nodeRevoke': { vi: 'máy của xã bị mất', en: 'the machine of a commune was lost' },
  'heading.child': { vi: 'Nút cấp dưới', en: 'Child' },
  'init.made': { vi: 'Đã lập nút {node} trong {folder}.', en: 'The node {node} is made in {folder}.' },
  'init.kept': {
    vi: 'Nút {node} đã có trong {folder}: không đổi gì.',
    en: 'The node {node} is there in {folder}: nothing changed.',
  },
  'init.account': {
    vi: 'Lập tài khoản của nút ở RabbitMQ (một lần):\n  rabbitmqctl add_user {user} < {file}\n  rabbitmqctl set_user_tags {user} administrator',
    en: 'Make its account at RabbitMQ (once):\n  rabbitmqctl add_user {user} < {file}\n  rabbitmqctl set_user_tags {user} administrator',
  },
  'init.nextRun': {
    vi: 'Chạy nút: lienthong node run --config {file}',
    en: 'Run it: lienthong node run --config {file}',
  },
  'init.nextInvite': {
    vi: 'Rồi mời các nút cấp dưới: lienthong node invite MÃ --config {file}',
    en: 'Then invite those below: lienthong node invite ID --config {file}',
  },
  'init.nextJoin': {
    vi: 'Rồi tham gia: lienthong node join MÃ-MỜI --config {file}',
    en: 'Then join: lienthong node join INVITATION --config {file}',
  },
  'invite.invited': { vi: 'đã mời', en: 'invited' },
  'invite.kept': { vi: 'đã mời trước đó, mã còn hạn', en: 'invited before, still good' },
  'invite.joined': { vi: 'đã tham gia', en: 'has joined' },
  'invite.wouldInvite': { vi: 'sẽ mời', en: 'would be invited' },
  'invite.progress': { vi: '{done}/{all} nút', en: '{done} of {all}' },
  'invite.hand': {
    vi: 'Giao mỗi mã cho đúng nút của nó, qua đường riêng: ai có mã trước thì dùng được trước.',
    en: 'Hand each line to its node by a private way: whoever has it first can use it first.',
  },
  'invite.loopback': {
    vi: 'Mã mời ghi địa chỉ {url}, chỉ máy này nối được: đặt broker.public trong node.yaml rồi khởi động lại nút.',
    en: 'The line names {url}, which only this machine reaches: set broker.public in node.yaml and start the node again.',
  },
  'invite.answered': { vi: 'Đã ghi trả lời cho nút {child} vào {file}.', en: 'The answer for {child} is in {file}.' },
  'invite.none': { vi: 'Không có lời mời nào đang mở.', en: 'There is no open invitation.' },
  'invite.open': { vi: 'chưa dùng', en: 'open' },
  'invite.used': { vi: 'đã dùng, chưa thấy đường nối', en: 'used, its link not seen yet' },
  'invite.expired': { vi: 'hết hạn', en: 'expired' },
  'join.joined': { vi: 'Đã tham gia dưới nút {parent}.', en: 'Joined {parent}.' },
  'join.already': {
    vi: 'Nút đã ở dưới nút {parent}: không đổi gì.',
    en: 'The node is below {parent} already: nothing changed.',
  },
  'join.linked': { vi: 'Đường nối đã mở.', en: 'The link is open.' },
  'join.waiting': {
    vi: 'Đường nối chưa mở; nút tự thử tiếp, xem bằng lệnh status.',
    en: 'The link is not open yet; the node keeps trying, see status.',
  },
  'join.requested': {
    vi: 'Đã ghi yêu cầu vào {file}. Ở nút cấp trên: lienthong node invite --answer {file} --out {file}.answer',
    en: 'The request is in {file}. At the parent: lienthong node invite --answer {file} --out {file}.answer',
  },
  'option.leave.force': {
    vi: 'Rời ngay, dù còn văn bản dở dang',
    en: 'Leave at once, whatever is under way',
  },
  'leave.waiting': {
    vi: 'Còn {documents} văn bản chưa có kết quả, {rows} mục hộp thư chưa bàn giao, {assemblies} văn bản nhận dở, {spool} gói tin chờ gửi lên…',
    en: 'Left: {documents} documents without an end, {rows} items of mailboxes to hand over, {assemblies} documents half here, {spool} messages for the parent …',
  },
  'leave.closed': {
    vi: 'Nút {node} chạy một mình. Nút {parent} đã biết và đã đóng tài khoản của nút.',
    en: 'The node {node} goes on by itself. {parent} knows, and has closed its account.',
  },
  'leave.told': {
    vi: 'Nút {node} chạy một mình. Đã báo nút {parent}, chưa thấy tài khoản được đóng; nếu vẫn còn, ở đó chạy: node dismiss {node}.',
    en: 'The node {node} goes on by itself. {parent} was told and has not closed its account yet; if it stays, run there: node dismiss {node}.',
  },
  'leave.untold': {
    vi: 'Nút {node} chạy một mình. Không báo được nút {parent} vì không có đường nối; đề nghị quản trị ở đó chạy: node dismiss {node}.',
    en: 'The node {node} goes on by itself. {parent} could not be told, there is no line; ask its administrators to run: node dismiss {node}.',
  },
  'leave.already': {
    vi: 'Nút {node} không có nút cấp trên: không đổi gì.',
    en: 'The node {node} has no parent: nothing changed.',
  },
  'dismiss.dismissed': {
    vi: 'Nút {child} không còn là nút cấp dưới; những gì trong hàng đợi của nó được giữ. Khoá của nó vẫn dùng được khi tham gia lại.',
    en: '{child} is a child no more; what its queues hold stays. Its keys are good if it joins again.',
  },
  'dismiss.already': {
    vi: 'Nút {child} đã không còn là nút cấp dưới: không đổi gì.',
    en: '{child} is no child already: nothing changed.',
  },
  'revoke.revoked': {
    vi: 'Đã loại nút {child}; khoá của nó không còn giá trị.',
    en: 'The child {child} is shut out; its keys count no more.',
  },
  'revoke.left': {
    vi: 'Nút {child} không còn là nút cấp dưới từ {at}, tài khoản đã đóng; khoá của nó không còn giá trị.',
    en: '{child} is no child since {at}, its account is closed; its keys count no more.',
  },
  'revoke.moved': {
    vi: 'Nút {child} không còn là nút cấp dưới từ {at}, tài khoản đã đóng. Nay nó thuộc nút {parent}: ở đó chạy node revoke {child} để thu hồi khoá của nó.',
    en: '{child} is no child since {at}, its account is closed. It belongs to {parent} now: to take its keys back, run there: node revoke {child}.',
  },
  'usage.joinHow': {
    vi: 'cần một trong: mã mời, --request, --answer',
    en: 'one of: an invitation, --request, --answer',
  },
  'usage.inviteWhom': { vi: 'cần mã nút, --from hoặc --answer', en: 'ids of children, --from or --answer' },
} as const
