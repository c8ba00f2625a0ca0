'use client';

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useChatFace } from './chat-face.ts';

/** Reads to those who listen what happens, once each: the words that appear one by one are not read. */
export function Announcer() {
  const { conversation, questions } = useChatFace();
  const { id, text } = useStore(conversation.store, (state) => state.announced);
  const status = useStore(conversation.live, (answer) => answer?.status ?? null);
  const [said, setSaid] = useState({ id: 0, text: '' });
  const working = status !== null && status !== 'interrupted';
  const asked = status === 'interrupted';
  useEffect(() => {
    const say = (next: string): void => setSaid((last) => ({ id: last.id + 1, text: next }));
    if (asked) say(questions ? 'A question waits for your answer.' : WAITING_ELSEWHERE);
    else if (working) say('Working on an answer.');
  }, [asked, working, questions]);
  useEffect(() => {
    if (id > 0) setSaid((last) => ({ id: last.id + 1, text }));
  }, [id, text]);
  return (
    <div role="log" aria-live="polite" aria-label="Announcements" className="sr-only">
      {said.text === '' ? null : <p key={said.id}>{said.text}</p>}
    </div>
  );
}

/** For those who cannot answer the question themselves. */
export const WAITING_ELSEWHERE = 'Somebody has to agree before this goes on.';
