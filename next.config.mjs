/**
 * Next only renders the screens: everything else (API, sockets, webhooks) is answered by server/main.ts,
 * which hands the remaining requests to Next, so no rewrites are needed here.
 * @type {import('next').NextConfig}
 */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` type-checks everything with the native compiler; a second pass here would only cost time.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
};
