import { EntryFrame } from '#features/shell/entry-frame.tsx';
import { MessageCard } from '#features/shell/message-card.tsx';

export default function NotFound() {
  return (
    <EntryFrame>
      <MessageCard
        code="404"
        title="There is no page here"
        description="The address may be mistyped, or what it led to was deleted or renamed."
      />
    </EntryFrame>
  );
}
