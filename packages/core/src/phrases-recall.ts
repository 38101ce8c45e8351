/** What is said of recalling, replacing and taking back a document. */
export const recallPhrases = {
  'help.recall': {
    vi: 'Thu hồi hoặc lấy lại một văn bản đã gửi',
    en: 'Recall a document that was sent, or take it back',
  },
  'help.replace': {
    vi: 'Thay thế một văn bản đã gửi bằng gói tin mới',
    en: 'Replace a document that was sent by a new packet',
  },
  'option.recall.reason': { vi: 'Lý do; ghi trong văn bản thu hồi', en: 'Why; recipients read it' },
  'option.recall.to': {
    vi: 'Chỉ với những nơi nhận này; có thể lặp lại',
    en: 'Only from these of its recipients; may be repeated',
  },
  'option.recall.as': {
    vi: 'Cơ quan gửi, khi nhiều cơ quan cùng dùng số này',
    en: 'Its sender, where several used the number',
  },
  'option.recall.date': {
    vi: 'Ngày ban hành, dạng 2025/07/01, khi số này có ở nhiều năm',
    en: 'Its date of issue, such as 2025/07/01, where the number is that of several years',
  },
  'option.recall.takeBack': {
    vi: 'Lấy lại (trạng thái 13) thay vì gửi văn bản thu hồi: khi gửi nhầm nơi nhận',
    en: 'By status 13 (take-back) instead of a recall document: for what went to the wrong place',
  },
  'option.recall.signer': {
    vi: 'Người ký văn bản thu hồi; mặc định là tên cơ quan',
    en: 'Who signs the recall; by default the organisation',
  },
  'option.recall.wait': {
    vi: 'Chờ đến khi biết kết quả ở mọi nơi nhận, lâu nhất bấy lâu (30s, 5m)',
    en: 'Waits until the outcome is known at every recipient, at most this long (30s, 5m)',
  },
  'option.replace.with': {
    vi: 'Gói tin thay thế (loại 3, nêu mã văn bản bị thay thế); dấu - là đầu vào chuẩn',
    en: 'The packet that replaces it (type 3, naming it); - for standard input',
  },
  'example.recall': { vi: 'thu hồi ở mọi nơi nhận và chờ kết quả', en: 'from everybody, and wait for the outcome' },
  'example.recallTakeBack': { vi: 'lấy lại văn bản gửi nhầm nơi nhận', en: 'what went to the wrong place' },
  'example.replace': { vi: 'thay bằng gói tin đã tạo', en: 'by a packet that was built' },
  'usage.recallWait': { vi: '--wait cần một khoảng từ 1s đến 24h', en: '--wait takes a duration of 1s to 24h' },
  'usage.recallSeveral': {
    vi: 'có {count} văn bản như vậy ({documents}): thêm --as hoặc --date, hoặc dùng UID',
    en: '{count} documents are called that ({documents}): add --as or --date, or give the UID',
  },

  'recall.nobody': {
    vi: 'Không còn nơi nhận nào để thu hồi: mọi nơi hoặc không nhận được, hoặc đã thu hồi xong.',
    en: 'Nobody is left to recall it from: each never got it, or has given it back.',
  },
  'recall.progress': { vi: 'đã biết {known}/{all} nơi nhận', en: '{known} of {all} recipients known' },
  'recall.pending': {
    vi: 'Hết thời gian chờ khi còn {count} nơi nhận chưa rõ. Việc thu hồi vẫn tiếp tục: xem lại bằng lienthong track {uid}',
    en: 'The time is over with {count} recipients unknown. The recall goes on: look with lienthong track {uid}',
  },
  'heading.type': { vi: 'Loại', en: 'Type' },
  'packetType.recall': { vi: 'văn bản thu hồi', en: 'recall' },
  'packetType.update': { vi: 'văn bản cập nhật', en: 'update' },
  'packetType.replacement': { vi: 'văn bản thay thế', en: 'replacement' },
  'packetType.takeBack': { vi: 'đề nghị lấy lại (trạng thái 13)', en: 'take-back (status 13)' },
  'recall.by': { vi: '{type} gửi lúc {time}: {uid}', en: '{type} sent {time}: {uid}' },
  'recall.andMore': { vi: '{organs} và {count} nơi khác', en: '{organs} and {count} more' },
  'heading.recall': { vi: 'Thu hồi', en: 'Recall' },

  'recallOutcome.stopped': { vi: 'chặn trước khi đến', en: 'stopped before it came' },
  'recallOutcome.withdrawn': { vi: 'rút khỏi hộp thư, chưa ai nhận', en: 'withdrawn before anybody took it' },
  'recallOutcome.asked': { vi: 'đã nhận, đang chờ trả lời', en: 'asked, no answer yet' },
  'recallOutcome.agreed': { vi: 'đồng ý', en: 'agreed' },
  'recallOutcome.refused': { vi: 'không đồng ý', en: 'refused' },
  'recallOutcome.unknown': { vi: 'chưa rõ', en: 'not known yet' },

  'recallAdvice.asked': {
    vi: '{organs}: đã nhận văn bản trước khi thu hồi; chờ trả lời (trạng thái 15 hoặc 16), nếu gấp thì liên hệ trực tiếp.',
    en: '{organs}: had taken the document before; wait for the answer (status 15 or 16), or call them when it presses.',
  },
  'recallAdvice.refused': {
    vi: '{organs}: không đồng ý; trao đổi trực tiếp với nơi nhận, rồi có thể thu hồi lại.',
    en: '{organs}: refused; speak with them, after which it may be recalled again.',
  },
  'recallAdvice.unknown': {
    vi: '{organs}: yêu cầu chưa đến nơi; nút sẽ tự gửi lại, xem đường đi bằng lienthong track {uid}',
    en: '{organs}: the request has not arrived; the node keeps trying, follow it with lienthong track {uid}',
  },

  'recallNotice.subject': { vi: 'Thu hồi văn bản số {number}', en: 'Recall of document {number}' },
  'recallNotice.text': {
    vi: '{organ}\n\nThu hồi văn bản số {number} ngày {date}: {subject}\nLý do: {reason}\nĐề nghị cơ quan nhận hủy văn bản nêu trên trong Hệ thống và thông báo lại cho cơ quan gửi.\n',
    en: '{organ}\n\nDocument {number} of {date} is recalled: {subject}\nReason: {reason}\nPlease cancel it in your system and tell the sender.\n',
  },
} as const
