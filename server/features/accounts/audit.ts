export { audit, auditFailure } from '../audit-log.ts';
