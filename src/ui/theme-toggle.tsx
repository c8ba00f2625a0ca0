'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { IconButton } from './icon-button.tsx';
import { Menu } from './menu.tsx';
import { SegmentedControl } from './segmented-control.tsx';
import { type ThemePreference, useTheme } from './theme.ts';

const choices = [
  { value: 'light', label: 'Light', icon: <Sun /> },
  { value: 'dark', label: 'Dark', icon: <Moon /> },
  { value: 'system', label: 'System', icon: <Monitor /> },
] as const satisfies readonly { value: ThemePreference; label: string; icon: unknown }[];

/** Chooses light, dark, or the system's theme. `compact` is one icon with a menu. */
export function ThemeToggle({
  compact = false,
  className,
}: {
  compact?: boolean;
  className?: string | undefined;
}) {
  const { preference, setPreference } = useTheme();
  if (!compact) {
    return (
      <SegmentedControl
        ariaLabel="Theme"
        value={preference}
        onValueChange={setPreference}
        items={choices}
        className={className}
      />
    );
  }
  const current = choices.find((choice) => choice.value === preference) ?? choices[2];
  return (
    <Menu
      side="right"
      align="end"
      trigger={
        <IconButton
          label={`Theme: ${current.label}`}
          icon={current.icon}
          tooltipSide="right"
          className={className}
        />
      }
      items={[
        {
          type: 'radio',
          label: 'Theme',
          value: preference,
          onValueChange: (value) => {
            const choice = choices.find((each) => each.value === value);
            if (choice) setPreference(choice.value);
          },
          options: choices.map(({ value, label }) => ({ value, label })),
        },
      ]}
    />
  );
}
