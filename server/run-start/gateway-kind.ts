/** How runs are marked that a message of the gateway started. */
export const GATEWAY_KIND = 'gateway';
