/** What the demonstration says. */
export const demoPhrases = {
  'demo.title': {
    vi: 'LIÊN THÔNG: bảy nút, bốn cấp, chỉ gặp nhau tại máy chủ hàng đợi',
    en: 'LIÊN THÔNG: seven nodes, four tiers, meeting only at message brokers',
  },
  'option.demo.reorg': {
    vi: 'Sắp xếp lại cây nút khi văn bản vẫn lưu thông: bỏ cấp huyện, nhập hai tỉnh',
    en: 'Re-organise the tree while documents flow: the district goes, the two provinces become one',
  },
  'example.demoReorg': { vi: 'bỏ cấp huyện, nhập hai tỉnh', en: 'a tier goes, two provinces become one' },
  'demo.reorg.title': {
    vi: 'SẮP XẾP LẠI: bỏ cấp huyện, nhập hai tỉnh, văn bản vẫn lưu thông',
    en: 'RE-ORGANISATION: the district goes, two provinces become one, documents flow on',
  },
  'demo.reorg.applying': { vi: 'lienthong reorg apply', en: 'lienthong reorg apply' },
  'demo.reorg.applied': {
    vi: 'Đã sắp xếp xong sau {took}, trong lúc đó tiếp nhận thêm {sent} văn bản.',
    en: 'Re-organised in {took}, while {sent} more documents were accepted.',
  },
  'demo.reorg.after': { vi: 'Sau khi sắp xếp', en: 'Afterwards' },
  'demo.reorg.carried': { vi: 'mọi bước của phương án đã thực hiện', en: 'every step of the plan was carried out' },
  'demo.reorg.tree': { vi: '{count} nút cùng thấy một cây mới', en: '{count} nodes see the same new tree' },
  'demo.reorg.answered': {
    vi: 'phần mềm nhận đã đọc đủ {count} lượt nhận',
    en: 'receiving clients have read all {count} that were due',
  },
  'demo.reorg.unread': {
    vi: 'Hết ngày làm việc cuối cùng: {count} văn bản chưa ai đọc trong hộp của {organs}.',
    en: 'The last working day is over: {count} documents that nobody has read in the mailboxes of {organs}.',
  },
  'demo.reorg.handedOver': {
    vi: 'cơ quan kế thừa đã đọc {count} văn bản còn lại trong hộp của đơn vị kết thúc',
    en: 'successors have read the {count} documents left in mailboxes of units that closed',
  },
  'demo.reorg.told': {
    vi: 'nơi gửi biết mọi văn bản của mình đã được nhận ({count} văn bản)',
    en: 'senders know that their documents were collected ({count} documents)',
  },
  'demo.wait.traffic': { vi: 'văn bản lưu thông', en: 'documents to flow' },
  'demo.waiting': { vi: 'Chờ {what}', en: 'Waiting for {what}' },
  'demo.progress': { vi: '{what}… {seconds} giây', en: '{what}… {seconds} s' },
  'demo.broker.starting': { vi: 'Khởi động RabbitMQ riêng', en: 'Starting a private RabbitMQ' },
  'demo.broker.started': {
    vi: 'Một RabbitMQ riêng đã chạy, mỗi nút một vhost ({seconds} giây)',
    en: 'A private RabbitMQ runs, with a vhost for each node ({seconds} s)',
  },
  'demo.broker.borrowed': {
    vi: 'Dùng RabbitMQ đang chạy tại {url}, mỗi nút một vhost, xóa khi xong',
    en: 'Using the RabbitMQ at {url}, with a vhost for each node, deleted at the end',
  },
  'demo.brokers.starting': {
    vi: 'Khởi động RabbitMQ: xong {ready} trong {count}',
    en: 'Starting RabbitMQ: {ready} of {count} are up',
  },
  'demo.brokers.started': {
    vi: '{count} RabbitMQ riêng đã chạy, mỗi nút một máy chủ ({seconds} giây)',
    en: '{count} private RabbitMQ run, one for each node ({seconds} s)',
  },
  'demo.clients.started': {
    vi: '{count} phần mềm nhận văn bản đã chạy, mỗi cơ quan một tiến trình riêng',
    en: '{count} receiving clients run, a process of its own for each organisation',
  },
  'demo.stage.opening': { vi: 'Mở {count} nút', en: 'Opening {count} nodes' },
  'demo.stage.open': {
    vi: '{count} nút đã chạy, mọi đường liên thông đã mở ({took} từ lúc bắt đầu)',
    en: '{count} nodes run and every link is open ({took} since the start)',
  },
  'demo.ending': { vi: 'Kết thúc các tiến trình, xóa dữ liệu', en: 'Ending processes, removing data' },

  'demo.trace.accepted': {
    vi: 'tiếp nhận, niêm phong; số nơi nhận: {count}',
    en: 'accepted and sealed; recipients: {count}',
  },
  'demo.trace.copy': { vi: 'bản thứ {copy}', en: 'copy {copy}' },
  'demo.trace.segment': { vi: 'đoạn {segment}/{segments}', en: 'segment {segment} of {segments}' },
  'demo.trace.delivered': { vi: 'vào hộp thư', en: 'in the mailbox' },
  'demo.trace.read': {
    vi: 'phần mềm đã đọc, đúng SHA-256',
    en: 'read by the client, SHA-256 as sent',
  },
  'demo.copies': { vi: 'Số bản trên từng đường:', en: 'Copies per link:' },

  'demo.commune.heading': {
    vi: '1. Xã gửi xã thuộc tỉnh khác: {title}, {from} → {to}',
    en: '1. A commune writes to a commune of another province: {title}, {from} → {to}',
  },
  'demo.commune.doors': {
    vi: 'Phần mềm của {from} gửi bằng VXP như SDK của VNPT, phần mềm của {to} nhận bằng REST',
    en: 'The software of {from} speaks VXP, as VNPT’s SDK does; that of {to} speaks REST',
  },
  'demo.commune.receipt': { vi: 'Biên nhận ghi đường đi:  {path}', en: 'The receipt tells the way:  {path}' },
  'demo.all.heading': {
    vi: '2. Trung ương gửi tất cả cùng lúc: {title}, {from} → {count} nơi nhận',
    en: '2. The centre writes to all at once: {title}, {from} → {count} recipients',
  },
  'demo.cut.heading': {
    vi: '3. Đứt đường {from}–{to}: trong tỉnh vẫn liên thông, liên tỉnh chờ',
    en: '3. The line {from}–{to} is cut: the province goes on, the rest waits',
  },
  'demo.cut.silent': {
    vi: '{time}  đường {from}–{to} im lặng: không byte nào qua được',
    en: '{time}  the line {from}–{to} is silent: no byte gets through',
  },
  'demo.cut.refused': {
    vi: '{time}  đường {from}–{to} từ chối mọi kết nối',
    en: '{time}  the line {from}–{to} refuses every connection',
  },
  'demo.cut.noticed': {
    vi: '{time}  nút {node} biết là mất đường lên',
    en: '{time}  node {node} knows that it has no way up',
  },
  'demo.cut.waiting': { vi: 'Đường {from}–{to} đang đứt', en: 'The line {from}–{to} is down' },
  'demo.cut.back': {
    vi: '{time}  đường {from}–{to} thông lại, sau {gap}',
    en: '{time}  the line {from}–{to} is back, after {gap}',
  },
  'demo.urgent.heading': {
    vi: '4. Văn bản hỏa tốc {urgent} vượt gói {size} đi trước nó, {from} → {to}',
    en: '4. The urgent document {urgent} overtakes a packet of {size}, {from} → {to}',
  },
  'demo.urgent.submitted': {
    vi: '{time}  đoạn đầu của gói lớn đã rời nút gốc; bây giờ mới gửi {title}',
    en: '{time}  the first segment of the large one has left its origin; only now {title} is submitted',
  },
  'demo.urgent.delivered': {
    vi: '{time}  {title} vào hộp thư của {organ}',
    en: '{time}  {title} is in the mailbox of {organ}',
  },
  'demo.urgent.last': {
    vi: '{time}  đoạn cuối của {title} đến {organ}',
    en: '{time}  the last segment of {title} arrives at {organ}',
  },
  'demo.status.heading': {
    vi: '5. Nơi nhận {from} báo trạng thái xử lý {title} về {to}',
    en: '5. The recipient {from} reports back on {title} to {to}',
  },
  'demo.status.arrived': { vi: 'đã đến', en: 'arrived' },
  'demo.status.registered': { vi: 'đã tiếp nhận, vào sổ', en: 'taken in and registered' },
  'demo.settle.heading': { vi: 'Nơi gửi biết những gì', en: 'What the senders know' },

  'demo.check.uid': {
    vi: '{title}: nút gốc gọi văn bản bằng đúng mã nơi gửi tính ra',
    en: '{title}: its node names it as its sender computed',
  },
  'demo.check.copies': {
    vi: '{links} đường, mỗi đường đúng một bản (nơi nhận: {count})',
    en: '{links} links, one copy on each (recipients: {count})',
  },
  'demo.check.path': {
    vi: 'Đường đi đúng qua bốn cấp, lên tới trung ương rồi xuống',
    en: 'The way is the tree’s: up to the centre and down again',
  },
  'demo.check.cut': {
    vi: 'Trong lúc đứt không byte nào qua đường {from}–{to}, và không văn bản nào vượt qua',
    en: 'While it was cut no byte crossed the line {from}–{to}, and no document did',
  },
  'demo.check.inside': {
    vi: '{title} trong tỉnh vào hộp thư của {organ} lúc {time}, {before} trước khi đường thông lại',
    en: '{title} inside the province was in the mailbox of {organ} at {time}, {before} before the line was back',
  },
  'demo.check.across': {
    vi: '{title} liên tỉnh vào hộp thư của {organ} lúc {time}, {after} sau khi đường thông lại',
    en: '{title} across provinces was in the mailbox of {organ} at {time}, {after} after the line was back',
  },
  'demo.check.urgent': {
    vi: 'Văn bản hỏa tốc gửi sau mà đến trước đoạn cuối của gói lớn {ahead}',
    en: 'Submitted later, the urgent one was delivered {ahead} before the large one’s last segment arrived',
  },
  'demo.check.status': {
    vi: 'Nơi gửi thấy {organ}: {code}, {meaning} ({time})',
    en: 'The sender sees {organ}: {code}, {meaning} ({time})',
  },
  'demo.check.collected': {
    vi: 'Nút gốc của {count} văn bản biết mọi nơi nhận đã lấy văn bản',
    en: 'The origins of {count} documents know that every recipient has collected',
  },
  'demo.check.settled': {
    vi: '{count} nút không còn văn bản nào dang dở',
    en: '{count} nodes have nothing left under way',
  },
  'demo.check.mailboxes': {
    vi: 'Mỗi hộp thư có đúng những gì được gửi tới, mỗi văn bản một lần',
    en: 'Each mailbox holds what was sent to it, once each',
  },
  'demo.check.strange': {
    vi: '{count} văn bản được đọc mà không ai gửi tới đó',
    en: '{count} items were read that nobody had sent there',
  },

  'demo.wait.underWay': { vi: 'những gì còn trên đường', en: 'what is still under way' },
  'demo.wait.settled': { vi: 'biên nhận cuối cùng về nút gốc', en: 'the last receipts to come home' },
  'demo.wait.read': { vi: '{organ} đọc {title}', en: '{organ} to read {title}' },
  'demo.wait.allRead': { vi: '{count} nơi nhận đọc {title}', en: '{count} recipients to read {title}' },
  'demo.wait.receipt': { vi: 'biên nhận của {title}', en: 'the receipt for {title}' },
  'demo.wait.linkDown': {
    vi: '{from} nhận ra đứt đường tới {to}',
    en: '{from} to notice that the way to {to} is gone',
  },
  'demo.wait.firstSegment': {
    vi: 'đoạn đầu của {title} rời nút gốc',
    en: 'the first segment of {title} to leave its origin',
  },
  'demo.wait.status': { vi: 'trạng thái {code} của {title}', en: 'status {code} of {title}' },

  'demo.failed.waited': { vi: 'Chờ {seconds} giây không thấy {what}', en: 'Waited {seconds} s in vain for {what}' },
  'demo.failed.client': {
    vi: 'Phần mềm nhận của {organ} đã dừng: {text}',
    en: 'The receiving client of {organ} has ended: {text}',
  },
  'demo.failed.vxp': {
    vi: 'sendEdoc của {organ} không được nhận: {text}',
    en: 'sendEdoc of {organ} was not taken: {text}',
  },
  'demo.failed.bytes': {
    vi: '{organ} đọc {title} khác với bản đã gửi',
    en: '{organ} has read other bytes of {title} than were sent',
  },

  'demo.result.heading': {
    vi: 'Từng nơi nhận, theo phần mềm nhận đếm bằng SHA-256',
    en: 'Each recipient, as the receiving clients count by SHA-256',
  },
  'demo.result.read': { vi: '✓ đến {time}, đọc sau {took}', en: '✓ delivered {time}, read {took} later' },
  'demo.result.lost': { vi: '✗ MẤT', en: '✗ LOST' },
  'demo.result.duplicated': { vi: '✗ TRÙNG: {count} lần', en: '✗ DUPLICATED: {count} times' },
  'demo.result.failed': { vi: 'KHÔNG ĐẠT: {check}', en: 'FAILED: {check}' },
  'demo.result.totals': {
    vi: 'đã giao {delivered}/{due}, mất {lost}, trùng {duplicated}  (delivered {delivered}/{due}, lost {lost}, duplicated {duplicated})',
    en: 'delivered {delivered}/{due}, lost {lost}, duplicated {duplicated}',
  },

  'demo.keep.heading': { vi: 'Hệ thống được giữ chạy tiếp', en: 'The federation is left running' },
  'demo.keep.file': { vi: 'Địa chỉ và mật khẩu: {file}', en: 'Addresses and secrets: {file}' },
  'demo.keep.clients': {
    vi: 'Các phần mềm nhận đã dừng, hộp thư là của bạn. Thử:',
    en: 'The receiving clients have ended: the mailboxes are yours. Try:',
  },
  'demo.keep.vxp': {
    vi: 'Cấu hình SDK của VNPT cho {organ}; giá trị của các nút khác nằm trong demo.json:',
    en: 'Properties of VNPT’s SDK for {organ}; the values of the other nodes are in demo.json:',
  },
  'demo.keep.rest': {
    vi: 'REST: {from} gửi, {to} chờ, lấy và xác nhận:',
    en: 'REST: {from} submits, {to} waits, fetches and acknowledges:',
  },
  'demo.keep.pages': {
    vi: 'Sau dòng này, mọi lệnh trong các trang connect-*.md (VXP, REST, AMQP, TypeScript) chạy được ngay:',
    en: 'After this line the commands of the pages connect-*.md (VXP, REST, AMQP, TypeScript) run as they are:',
  },
  'demo.keep.end': { vi: 'Ctrl-C để kết thúc và xóa hết.', en: 'Ctrl-C ends it and removes everything.' },
} as const
