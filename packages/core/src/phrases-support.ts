/** Shell completion, and what is collected for whoever helps. */
export const supportPhrases = {
  'help.completion': {
    vi: 'In tập lệnh để shell tự điền lệnh, tuỳ chọn và giá trị của lienthong',
    en: 'Print a script with which a shell completes commands, options and values of lienthong',
  },
  'help.completion.shell': { vi: 'shell dùng tập lệnh này', en: 'the shell it is for' },
  'example.completion': {
    vi: 'cho bash; đặt vào /etc/bash_completion.d, hoặc gọi source trong .bashrc',
    en: 'for bash; goes to /etc/bash_completion.d, or source it in .bashrc',
  },
  'example.completionFish': {
    vi: 'cho fish; đặt vào ~/.config/fish/completions',
    en: 'for fish; goes to ~/.config/fish/completions',
  },
} as const
