import { cn } from './class-name.ts';
import { passwordStrength } from './password-strength.ts';

const TONES = [
  'bg-active',
  'bg-status-failed',
  'bg-status-waiting',
  'bg-status-running',
  'bg-status-success',
];

/** Four bars and a word: how hard a password is to guess. */
export function PasswordMeter({ password }: { password: string }) {
  const { score, label } = passwordStrength(password);
  return (
    <span className="flex items-center gap-2" aria-live="polite">
      <span className="flex flex-1 gap-1" aria-hidden>
        {[1, 2, 3, 4].map((step) => (
          <span
            key={step}
            className={cn(
              'h-1 flex-1 rounded-full transition-colors',
              step <= score ? TONES[score] : 'bg-active',
            )}
          />
        ))}
      </span>
      <span className="min-w-24 text-right text-xs text-subtle">{label || 'At least 8 characters'}</span>
    </span>
  );
}
