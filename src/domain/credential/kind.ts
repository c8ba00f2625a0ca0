export const CREDENTIAL_TYPES = ['llm', 'gateway', 'git', 'tool'] as const;
export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

/** What a step can do with a credential: sign HTTP requests, send mail, ask a model, reach a repository, send messages. */
export const CREDENTIAL_USES = ['http', 'smtp', 'llm', 'git', 'gateway'] as const;
export type CredentialUse = (typeof CREDENTIAL_USES)[number];

/** Ways a credential of the tool type `http` is put into a request. */
export const HTTP_AUTHS = ['bearer', 'header', 'basic', 'query'] as const;
export type HttpAuth = (typeof HTTP_AUTHS)[number];

/** How a credential of the tool type `smtp` secures its connection. */
export const SMTP_SECURITIES = ['starttls', 'tls', 'none'] as const;
export type SmtpSecurity = (typeof SMTP_SECURITIES)[number];

export const MAX_HOSTS = 50;
