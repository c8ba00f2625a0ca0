import { ChatGone } from '#features/chat/hosted-chat.tsx';

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center bg-bg p-4">
      <ChatGone />
    </main>
  );
}
