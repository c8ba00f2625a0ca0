import type { Metadata } from 'next';
import { ModelScreen } from '#features/models/model-screen.tsx';

export const metadata: Metadata = { title: 'Models & costs' };

export default function Page() {
  return <ModelScreen />;
}
