export { type AuditEntry, audit, auditFailure } from '../audit-log.ts';
