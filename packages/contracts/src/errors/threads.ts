import { errors } from './define'

export const threadsErrors = errors({
  thread_photo_missing: {
    status: 422,
    zh: '图片还没有上传完成',
    en: 'A photo has not been uploaded yet',
    zhAction: '请等待图片上传完成后再发送',
    enAction: 'Wait for the upload and send again',
  },
  thread_mention_outside: {
    status: 422,
    zh: '「{name}」看不到这里的内容，不能 @',
    en: '“{name}” cannot see this and cannot be mentioned',
    zhAction: '请先把这位同事加入，或改为 @ 其他人',
    enAction: 'Bring the colleague in first, or mention somebody else',
  },
  thread_empty: {
    status: 422,
    zh: '消息没有内容',
    en: 'The message is empty',
    zhAction: '请输入文字或添加图片',
    enAction: 'Write something or add a photo',
  },
})
