/** What a run started by a schedule gets. */
export interface SchedulePayload {
  readonly scheduled_job_id: string;
  readonly scheduled_job_name: string;
  /** Counts from 1; a retry has the number of the run it repeats. */
  readonly repeat_number: number;
  /** The time the fire was meant for, UTC. */
  readonly timestamp: string;
  readonly payload: unknown;
}

export const schedulePayload = (
  schedule: { readonly id: string; readonly name: string; readonly triggerPayload: unknown },
  fire: { readonly fireAt: number; readonly repeat: number },
): SchedulePayload => ({
  scheduled_job_id: schedule.id,
  scheduled_job_name: schedule.name,
  repeat_number: fire.repeat,
  timestamp: new Date(fire.fireAt).toISOString(),
  payload: schedule.triggerPayload ?? {},
});
