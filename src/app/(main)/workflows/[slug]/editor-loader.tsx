'use client';

import dynamic from 'next/dynamic';
import { ChatAside, type ChatAsideProps } from '#editor/dock/chat-aside.ts';
import {
  CredentialFormContext,
  type CredentialFormRequest,
} from '#editor/inspector/credential-form-context.ts';
import { RunAside } from '#editor/run/run-aside.ts';
import { useOpening } from '#editor/use-opening.ts';
import { ChatLoading } from '#features/chat/chat-loading.tsx';
import { CanvasLoading } from '#features/shell/canvas-loading.tsx';

// The canvas measures the window, so there is nothing to render on the server.
const WorkflowEditor = dynamic(
  () => import('#editor/workflow-editor.tsx').then((module) => module.WorkflowEditor),
  { ssr: false, loading: () => <CanvasLoading label="Opening the workflow" /> },
);

// None of these is seen when an editor opens.
const ChatPanel = dynamic(() => import('#features/chat/chat-panel.tsx').then((module) => module.ChatPanel), {
  ssr: false,
  loading: ChatLoading,
});
const CreateCredential = dynamic(
  () => import('#features/credentials/credential-form.tsx').then((module) => module.CreateCredential),
  { ssr: false },
);
const ApprovalCards = dynamic(
  () => import('#features/executions/approval-card.tsx').then((module) => module.ApprovalCards),
  { ssr: false },
);

const credentialForm = (request: CredentialFormRequest) => <CreateCredential {...request} />;
const approvals = (executionId: string) => <ApprovalCards key={executionId} executionId={executionId} />;

const chat = (props: ChatAsideProps) => <ChatPanel {...props} questions={approvals} />;

/** Fills the page beside the rail with the editor. */
export function EditorLoader({ slug }: { slug: string }) {
  useOpening(slug);
  return (
    <div className="flex h-[calc(100dvh-3.5rem)] min-h-0 flex-col overflow-hidden sm:h-dvh">
      <RunAside value={approvals}>
        <ChatAside value={chat}>
          <CredentialFormContext value={credentialForm}>
            <WorkflowEditor key={slug} slug={slug} />
          </CredentialFormContext>
        </ChatAside>
      </RunAside>
    </div>
  );
}
