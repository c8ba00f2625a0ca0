import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { HostedChat } from '#features/chat/hosted-chat.tsx';

/** The server has put the title into the request, as it is known before anything is drawn. */
export async function generateMetadata(): Promise<Metadata> {
  const title = decodeURIComponent((await headers()).get('x-chat-title') ?? 'Chat');
  return { title: { absolute: title }, robots: { index: false } };
}

export default async function Page({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  // The server has looked before it asked for the page.
  if ((await headers()).has('x-chat-missing')) notFound();
  return <HostedChat pageId={decodeURIComponent(slug)} framed />;
}
