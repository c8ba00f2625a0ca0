import type { Metadata } from 'next';
import { EditorLoader } from './editor-loader.tsx';

export const metadata: Metadata = { title: 'Workflow' };

export default async function Page({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  return <EditorLoader slug={decodeURIComponent(slug)} />;
}
