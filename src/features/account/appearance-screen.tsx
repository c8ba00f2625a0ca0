'use client';

import { Card } from '#ui/card.tsx';
import { Field } from '#ui/field.tsx';
import { ThemeToggle } from '#ui/theme-toggle.tsx';

/** /settings/appearance: light, dark, or as the system has it. Kept in this browser. */
export function AppearanceScreen() {
  return (
    <Card title="Appearance">
      <Field label="Theme" description="Kept in this browser only." orientation="horizontal">
        <ThemeToggle />
      </Field>
    </Card>
  );
}
