import { errors } from './define'

export const peopleErrors = errors({
  sign_in_failed: {
    status: 401,
    zh: '账号或密码不正确',
    en: 'Wrong account or password',
    zhAction: '请核对后重试，忘记密码请联系管理员',
    enAction: 'Check and try again, or ask an administrator',
  },
  sign_in_throttled: {
    status: 429,
    zh: '尝试次数过多',
    en: 'Too many attempts',
    zhAction: '请在 {seconds} 秒后重试；已登录过的设备不受影响',
    enAction: 'Try again in {seconds} seconds; devices that signed in before are not affected',
  },
  account_disabled: {
    status: 403,
    zh: '账号已停用',
    en: 'This account is disabled',
    zhAction: '请联系管理员',
    enAction: 'Ask an administrator',
  },
  demo_only: {
    status: 403,
    zh: '演示账号只能在演示模式使用',
    en: 'Demo accounts work in demo mode only',
    zhAction: '请使用您自己的账号登录',
    enAction: 'Sign in with your own account',
  },
  password_weak: {
    status: 422,
    zh: '密码至少 10 位，且不能是常见密码',
    en: 'A password needs 10 characters and must not be a common one',
    zhAction: '请换一个更长的密码',
    enAction: 'Choose a longer one',
  },
  user_name_taken: {
    status: 409,
    zh: '账号「{userName}」已被使用',
    en: 'The account “{userName}” is taken',
    zhAction: '请换一个账号名',
    enAction: 'Choose another account name',
  },
  last_administrator: {
    status: 409,
    zh: '不能停用最后一位管理员',
    en: 'The last administrator cannot be disabled',
    zhAction: '请先指定另一位管理员',
    enAction: 'Name another administrator first',
  },
})
