import { z } from 'zod';
import { toolFunction } from '#domain/node/tool.ts';

const schedule = z.object({
  schedule_id: z.string().min(1).max(200).describe('As list_schedules gives it.'),
});

export const createArguments = z.object({
  name: z.string().trim().min(1).max(200).describe('What people call it.'),
  workflow_slug: z.string().max(200).nullish().describe('The workflow to run; this one if left out.'),
  interval_seconds: z.int().min(1).nullish().describe('Seconds between two runs. This or cron.'),
  cron: z.string().max(200).nullish().describe('Five fields, such as 0 9 * * 1. This or interval_seconds.'),
  timezone: z.string().max(100).nullish().describe('IANA name cron is read in; UTC if left out.'),
  description: z.string().max(2000).nullish(),
  total_repeats: z.int().min(0).nullish().describe('How often; 0 is without end.'),
  max_retries: z.int().min(0).nullish().describe('Failed runs in a row after which it gives up.'),
  timeout_seconds: z.int().min(1).nullish().describe('How long one run may take.'),
  trigger_payload: z.record(z.string(), z.json()).nullish().describe('What each run is started with.'),
});

export const listArguments = z.object({
  status: z.enum(['active', 'paused', 'done', 'dead']).nullish().describe('Only those.'),
  q: z.string().max(200).nullish().describe('Part of the name, the description or the workflow.'),
  limit: z.int().min(1).max(100).default(20),
});

export const scheduleFunctions = [
  toolFunction({
    name: 'create_schedule',
    description: 'Makes a schedule that runs a workflow again and again. Give interval_seconds or cron.',
    parameters: createArguments,
    destructive: true,
  }),
  toolFunction({
    name: 'pause_schedule',
    description: 'Pauses a schedule; resume_schedule goes on with it.',
    parameters: schedule,
    destructive: true,
  }),
  toolFunction({
    name: 'resume_schedule',
    description: 'Goes on with a paused schedule.',
    parameters: schedule,
    destructive: true,
  }),
  toolFunction({
    name: 'stop_schedule',
    description: 'Ends a schedule for good: it is deleted.',
    parameters: schedule,
    destructive: true,
  }),
  toolFunction({
    name: 'list_schedules',
    description: 'Lists schedules, newest first, with their state and next run.',
    parameters: listArguments,
  }),
];
