/** Where the browser keeps the chosen theme. */
export const themeStorageKey = 'theme';

const code = `(() => {
  let theme = null;
  try { theme = localStorage.getItem('${themeStorageKey}'); } catch {}
  if (theme !== 'light' && theme !== 'dark') theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
})();`;

/** Sets the theme before the first paint. Belongs in `<head>`; `nonce` is the one of the page's content policy. */
export function ThemeScript({ nonce }: { nonce?: string | undefined }) {
  // Browsers hide the nonce attribute from scripts, so hydration would report a difference.
  return (
    <script nonce={nonce} suppressHydrationWarning>
      {code}
    </script>
  );
}
