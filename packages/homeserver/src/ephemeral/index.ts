export type { OutgoingEdu, SendEdu } from './edus.ts';
export { receiptEvents } from './receipt-events.ts';
export { Receipts } from './receipts.ts';
export { Typing, type TypingNews } from './typing.ts';
export { TypingNotices } from './typing-notices.ts';
