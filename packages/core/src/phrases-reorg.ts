/** Re-organising the tree: help, what is wrong with a file, what a plan says. */
export const reorgPhrases = {
  'help.reorg': { vi: 'Sắp xếp lại cây nút theo quyết định pháp lý', en: 'Re-organise the tree by a legal act' },
  'help.reorg.file': {
    vi: 'Tệp YAML của phương án sắp xếp, hoặc bảng sáp nhập .csv, .xlsx (kèm --effective)',
    en: 'YAML file of the changes, or a table of mergers, .csv or .xlsx (with --effective)',
  },
  'help.reorg.plan': {
    vi: 'Cho xem từng nút phải làm gì, bao giờ, và điều gì không thể; không thay đổi gì',
    en: 'Show what each node has to do, when, and what cannot be; nothing is changed',
  },
  'option.reorg.context': {
    vi: 'Ngữ cảnh của nút tham gia; mọi ngữ cảnh đã khai khi không chỉ định',
    en: 'Context of a node that takes part; all that are known when none is given',
  },
  'option.reorg.data': { vi: 'Thư mục dữ liệu của nút trên máy này', en: 'Data folder of a node on this machine' },
  'option.reorg.config': { vi: 'node.yaml của nút trên máy này', en: 'node.yaml of a node on this machine' },
  'option.reorg.effective': {
    vi: 'Ngày đầu tiên có hiệu lực, cho bảng .csv hoặc .xlsx',
    en: 'First day of the new order, for a table',
  },
  'option.reorg.reason': { vi: 'Văn bản pháp lý, cho bảng .csv hoặc .xlsx', en: 'The legal act, for a table' },
  'example.reorgPlan': { vi: 'ai phải làm gì', en: 'who has to do what' },
  'example.reorgPlanTable': {
    vi: 'danh sách sáp nhập từ bảng tính',
    en: 'a list of mergers from a spreadsheet',
  },
  'reorg.file.oneAct': {
    vi: 'mỗi thay đổi có đúng một trong: {acts}',
    en: 'each change has exactly one of: {acts}',
  },
  'reorg.file.foreign': {
    vi: 'không dùng với "{act}"; dùng được: {known}',
    en: 'does not belong to "{act}"; what does: {known}',
  },
  'reorg.file.needs': { vi: '"{act}" cần có "{key}"', en: '"{act}" needs "{key}"' },
  'reorg.file.into': {
    vi: '"split" cần danh sách cơ quan; các thay đổi khác cần một mã',
    en: '"split" takes a list of organisations, the others one code',
  },
  'reorg.file.rule': {
    vi: '"{code}" không phải là một trong các cơ quan kế thừa',
    en: '"{code}" is none of the successors',
  },
  'reorg.file.table': {
    vi: 'bảng sáp nhập cần --effective và --reason',
    en: 'a table of mergers needs --effective and --reason',
  },
  'reorg.codeUnknown': { vi: 'danh bạ không có cơ quan {value}', en: 'the directory has no organisation {value}' },
  'reorg.nodeUnknown': { vi: 'danh bạ không có nút {value}', en: 'the directory has no node {value}' },
  'reorg.tierUnknown': { vi: 'không có nút nào thuộc cấp "{value}"', en: 'no node is of the tier "{value}"' },
  'reorg.changedTwice': { vi: '{value} đã có ở một thay đổi khác', en: '{value} stands in another change already' },
  'reorg.closedAlready': {
    vi: '{value} đã kết thúc vào một ngày khác',
    en: '{value} has another last day already',
  },
  'reorg.nameMissing': {
    vi: '{value} là cơ quan mới, cần có tên (name)',
    en: '{value} is new and needs a name',
  },
  'reorg.circle': { vi: 'nút {value} sẽ nằm dưới chính nó', en: 'node {value} would lie below itself' },
  'reorg.splitOne': {
    vi: 'chia tách {value} cần ít nhất hai cơ quan kế thừa',
    en: 'a split of {value} needs two successors at least',
  },
  'reorg.rootStays': {
    vi: 'nút {value} là gốc của cây, không bỏ hay chuyển đi được',
    en: 'node {value} is the root of the tree: it cannot be dropped or moved',
  },
  'reorg.undecided': {
    vi: 'nút {value} còn phục vụ {other}: ghi into (cơ quan kế thừa), hoặc organisations: move | close',
    en: 'node {value} still serves {other}: give into (who takes over), or organisations: move | close',
  },
  'reorg.givenTwice': {
    vi: '{value} đã được ủy quyền cho {other}',
    en: '{value} is delegated to {other} already',
  },
  'reorg.past': {
    vi: 'ngày {value} đã qua: mọi bước có thể làm ngay',
    en: 'the day {value} has passed: every step may be done now',
  },
  'reorg.pinnedBelow': {
    vi: 'các nút dưới {value} không tham gia lại: nút nào còn ghim khóa gốc cũ, không nằm trên {other}, thì rời đi rồi tham gia bằng lời mời mới',
    en: 'nodes below {value} do not join anew: those that pin a former root, not above {other}, leave and join by a new invitation',
  },
  'reorg.whole': {
    vi: 'danh bạ mới không hợp lệ: {value}: {fault}',
    en: 'the new directory would not be valid: {value}: {fault}',
  },
  'reorg.title': { vi: 'Sắp xếp từ ngày {effective}: {reason}', en: 'Re-organisation from {effective}: {reason}' },
  'reorg.now': { vi: 'Làm ngay (có ngày hiệu lực)', en: 'Now (it has its date)' },
  'reorg.date': { vi: 'Từ ngày {effective}', en: 'From {effective}' },
  'reorg.step.declare': { vi: 'khai', en: 'declares' },
  'reorg.step.join': { vi: 'tham gia {under}, thay cho {from}', en: 'joins {under} in the place of {from}' },
  'reorg.step.handover': {
    vi: 'bàn giao hộp văn bản cho {to}: {organs}',
    en: 'hands mailboxes over to {to}: {organs}',
  },
  'reorg.step.leave': { vi: 'chuyển hết phần còn lại rồi rời {from}', en: 'empties itself and leaves {from}' },
  'reorg.edit.delegate': { vi: '+ giao cho nút {child}: {codes}', en: '+ gives to node {child}: {codes}' },
  'reorg.edit.open': {
    vi: '+ cơ quan {id} "{name}" từ {validFrom}',
    en: '+ organisation {id} "{name}" from {validFrom}',
  },
  'reorg.edit.keep': {
    vi: '+ cơ quan {id} "{name}" (nhận từ nút khác)',
    en: '+ organisation {id} "{name}" (taken over from another node)',
  },
  'reorg.edit.close': {
    vi: '- cơ quan {id} đến hết {validTo}, kế thừa: {successors}',
    en: '- organisation {id} to {validTo}, then {successors}',
  },
  'reorg.edit.set': { vi: '~ cơ quan {id}: {facts}', en: '~ organisation {id}: {facts}' },
  'reorg.edit.withdraw': {
    vi: '- cơ quan {id} chuyển sang nút khác',
    en: '- organisation {id}, which another node serves now',
  },
  'reorg.edit.dismiss': { vi: '- nút con {child}', en: '- child {child}' },
  'reorg.counted': {
    vi: '{opened} cơ quan mới, {closed} kết thúc, {moved} đổi nút, {joined} nút đổi cấp trên, {left} nút rời đi.',
    en: '{opened} organisations open, {closed} close, {moved} change their node; {joined} nodes change their parent, {left} leave.',
  },
  'reorg.concerned': {
    vi: 'Tại các nút bàn giao hoặc rời đi: {mailboxes} văn bản và trạng thái trong hộp, {backlog} văn bản gửi chưa xong.',
    en: 'At the nodes that hand over or leave: {mailboxes} documents and statuses in mailboxes, {backlog} sent documents not settled.',
  },
  'reorg.missing': {
    vi: 'Chưa liên lạc được từ đây: {nodes}. Người quản trị các nút đó chạy cùng tệp này: lienthong reorg apply {file}',
    en: 'Not reached from here: {nodes}. Their administrators run the same file: lienthong reorg apply {file}',
  },
  'help.reorg.apply': {
    vi: 'Làm các bước đến hạn tại các nút liên lạc được; chạy lại sẽ làm tiếp, không làm lại',
    en: 'Carry out what is due at the nodes that are reached; run again, it goes on where it was',
  },
  'help.reorg.waiting': {
    vi: 'Văn bản gửi cơ quan đã chia tách đang chờ quyết định tại nút này, theo từng cơ quan gửi',
    en: 'What waits at this node for a decision, to organisations that were split, sender by sender',
  },
  'example.reorgWaiting': { vi: 'mọi cơ quan đã chia tách', en: 'every organisation that was split' },
  'example.reorgWaitingOne': { vi: 'một cơ quan', en: 'one of them' },
  'heading.unit': { vi: 'Đơn vị', en: 'Unit' },
  'heading.waiting': { vi: 'Đang chờ', en: 'Waiting' },
  'reorg.waiting.none': { vi: 'Không có văn bản nào chờ quyết định.', en: 'Nothing waits for a decision.' },
  'reorg.waiting.head': {
    vi: '{organ} ({name}) chia tách sau {validTo} thành {candidates}. Chưa có quy tắc hay quyết định cho:',
    en: '{organ} ({name}) was split after {validTo} into {candidates}. No rule or decision says who gets:',
  },
  'reorg.waiting.do': {
    vi: 'lienthong reorg decide {organ} --from {from} --to {to} --reason … (tại nút khai cơ quan), hoặc --document UID cho từng văn bản',
    en: 'lienthong reorg decide {organ} --from {from} --to {to} --reason … (at the node that declares it), or --document UID for one of them',
  },
  'help.reorg.decide': {
    vi: 'Quyết định cơ quan kế thừa nào nhận văn bản gửi cơ quan đã chia tách, tại nút khai cơ quan đó',
    en: 'Decide which successor of a split organisation gets what, at the node that declares it',
  },
  'option.decide.document': {
    vi: 'Chỉ văn bản có UID này, tại nút giữ hộp thư nơi văn bản đang chờ',
    en: 'Only the document of this uid, at the node in whose mailbox it waits',
  },
  'option.decide.number': {
    vi: 'Chỉ văn bản có số ký hiệu này, như --document',
    en: 'Only the document of this number, as with --document',
  },
  'example.reorgDecideOne': { vi: 'một văn bản', en: 'one document' },
  'usage.decideOne': {
    vi: 'cho một văn bản cần --document hoặc --number, không dùng --unit',
    en: 'one document takes --document or --number, and no --unit',
  },
  'reorg.decided': {
    vi: 'Văn bản {uid} được chuyển cho {to} tại nút {node}.',
    en: 'Document {uid} goes to {to} at node {node}.',
  },
  'reorg.decidedBefore': {
    vi: 'Văn bản {uid} đã được quyết định cho {to} tại nút {node}.',
    en: 'Document {uid} had been decided for {to} at node {node} before.',
  },
  'option.decide.to': { vi: 'Cơ quan kế thừa nhận văn bản', en: 'The successor that gets it' },
  'option.decide.from': {
    vi: 'Chỉ văn bản của cơ quan gửi này và cấp dưới của nó',
    en: 'Only what this sender, or one below it, sends',
  },
  'option.decide.unit': {
    vi: 'Chỉ văn bản gửi đơn vị này thuộc cơ quan cũ',
    en: 'Only what is written to this unit of the former organisation',
  },
  'example.reorgDecide': { vi: 'theo cơ quan gửi', en: 'by the sender' },
  'example.reorgDecideAll': { vi: 'mọi văn bản còn lại', en: 'everything else' },
  'help.reorg.status': {
    vi: 'Việc gì đã xong, việc gì còn lại và vì sao',
    en: 'What is done, what is still to come and why',
  },
  'option.reorg.rebase': {
    vi: 'Tiếp tục cả khi bảng của các nút đã có thay đổi khác kể từ lúc duyệt',
    en: 'Go on although tables of nodes have changed since the steps were approved',
  },
  'example.reorgApply': { vi: 'hỏi lại trước khi làm', en: 'asks before it begins' },
  'example.reorgApplyAgain': {
    vi: 'làm tiếp phần còn lại, không hỏi',
    en: 'goes on with the rest, without asking',
  },
  'example.reorgStatus': { vi: 'còn phải làm gì', en: 'what is still to come' },
  'reorg.ask': { vi: 'Thực hiện các bước đến hạn? (có/không)', en: 'Carry out what is due? (yes/no)' },
  'reorg.done': { vi: '{done}/{all}: {node}', en: '{done} of {all}: {node}' },
  'reorg.carried': { vi: 'Đã xong {done} trên {all} bước.', en: '{done} of {all} steps are done.' },
  'reorg.finished': { vi: 'Mọi bước đã xong.', en: 'Every step is done.' },
  'reorg.held.date': {
    vi: '{count} bước chờ đến ngày {effective}: hãy chạy lại lệnh này từ ngày đó.',
    en: '{count} steps wait for {effective}: run this command again from that day on.',
  },
  'reorg.held.node': {
    vi: '{count} bước thuộc các nút chưa liên lạc được: {nodes}.',
    en: '{count} steps are for nodes that were not reached: {nodes}.',
  },
  'reorg.held.before': {
    vi: '{count} bước chờ các bước trước đó xong: {nodes}.',
    en: '{count} steps wait for steps before them: {nodes}.',
  },
  'reorg.held.undrained': {
    vi: '{count} nút rời đi còn việc dở dang: {nodes}. Hãy chạy lại lệnh này sau.',
    en: '{count} nodes that leave are not empty yet: {nodes}. Run this command again later.',
  },
  'reorg.held.unheard': {
    vi: '{count} bước chờ nút nhận được danh bạ mới: {nodes}.',
    en: '{count} steps wait until their nodes have the new directory: {nodes}.',
  },
  'reorg.journal.other': {
    vi: '{file} đã thay đổi sau khi bắt đầu thực hiện; trả lại nội dung cũ, hoặc bỏ {journal} để lập phương án mới',
    en: '{file} has changed since it was begun; restore it, or remove {journal} to plan anew',
  },
  'option.reorg.dryRun': {
    vi: 'Diễn tập với văn bản đã gửi: mỗi cặp đi đường nào trước và sau, gì chờ, gì bị trả lại; không thay đổi gì',
    en: 'Rehearse with what was sent: each way before and after, what waits, what returns; nothing is changed',
  },
  'option.reorg.traffic': {
    vi: 'Với --dry-run: bảng .csv hoặc .xlsx hai cột, mã gửi và mã nhận, thay cho văn bản thật',
    en: 'With --dry-run: a table of two columns, from and to, in the place of what was sent',
  },
  'option.reorg.trafficDays': {
    vi: 'Với --dry-run: văn bản mà các nút liên lạc được đã gửi trong chừng này ngày, 1 … 90; mặc định 30',
    en: 'With --dry-run: what the nodes that are reached sent in so many days, 1 … 90; 30 by default',
  },
  'example.reorgRehearse': { vi: 'diễn tập với văn bản đã gửi', en: 'rehearsed with what was sent' },
  'example.reorgRehearseTable': { vi: 'với bảng tự lập', en: 'with a table of your own' },
  'rehearsal.same': { vi: 'như cũ', en: 'as before' },
  'rehearsal.way': { vi: 'đường khác', en: 'another way' },
  'rehearsal.successor': { vi: 'cơ quan kế thừa', en: 'to the successor' },
  'rehearsal.waits': { vi: 'chờ quyết định', en: 'waits' },
  'rehearsal.returned': { vi: 'trả lại', en: 'returned' },
  'rehearsal.nobody': { vi: 'không ai nhận', en: 'nobody takes it' },
  'rehearsal.more': { vi: '… và {more} cặp nữa (-o json)', en: '… and {more} more (-o json)' },
  'rehearsal.counted': {
    vi: '{same} như cũ, {way} đường khác, {successor} tới cơ quan kế thừa, {waits} chờ, {returned} trả lại, {nobody} không ai nhận.',
    en: '{same} as before, {way} by another way, {successor} to successors, {waits} wait, {returned} are returned, {nobody} reach nobody.',
  },
  'rehearsal.documents': {
    vi: 'Trong {days} ngày: {all} văn bản tới từng nơi nhận, {changed} trong số đó gặp thay đổi.',
    en: 'In {days} days: {all} documents, counted for each recipient; {changed} of them meet a change.',
  },
  'rehearsal.silent': {
    vi: 'Chưa tính văn bản gửi từ các nút chưa liên lạc được: {nodes}.',
    en: 'Without what these nodes have sent, which were not reached: {nodes}.',
  },
  'reorg.handing': {
    vi: '{node} còn bàn giao {rows} mục trong hộp văn bản; nút tự làm, không cần lệnh nào.',
    en: '{node} has {rows} rows of mailboxes still to hand over; it does so by itself.',
  },
  'reorg.handing.unknown': {
    vi: 'Chưa biết đã bàn giao hết hay chưa: {nodes}.',
    en: 'Not known to have handed over everything: {nodes}.',
  },
  'reorg.unreached': { vi: 'không hỏi được {node}: {code}', en: '{node} does not answer: {code}' },
} as const
