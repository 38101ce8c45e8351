/** Sentences of the VXP interface in the words its clients know. Clients get them without diacritics. */
export const vxpPhrases = {
  'vxp.done': { vi: 'Thành công', en: 'Done' },
  'vxp.sender': {
    vi: 'Đơn vị gửi {organ} không đúng với mã đã đăng ký của hệ thống.',
    en: 'The sender {organ} is not one this system is registered for.',
  },
} as const
