'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { readProblem } from '#client/problem.ts';

const RETRY_MS = 5_000;

export interface Reachability {
  readonly reached: boolean;
  readonly checking: boolean;
  readonly check: () => void;
}

/**
 * Whether the server answers. Any call that gets no answer raises doubt; from then on the health address is asked
 * every few seconds until it answers, and everything on the page is fetched anew.
 */
export function useReachability(): Reachability {
  const queries = useQueryClient();
  const [reached, setReached] = useState(true);
  const [checking, setChecking] = useState(false);
  const check = useCallback(() => {
    setChecking(true);
    void isHealthy().then((healthy) => {
      setChecking(false);
      setReached(healthy);
      if (healthy) void queries.invalidateQueries();
    });
  }, [queries]);
  useEffect(() => {
    const doubt = (error: unknown) => {
      if (error && readProblem(error).code === 'offline') setReached(false);
    };
    const stopQueries = queries.getQueryCache().subscribe((event) => {
      if (event.type !== 'updated') return;
      if (event.action.type === 'failed' || event.action.type === 'error') doubt(event.action.error);
    });
    const stopMutations = queries.getMutationCache().subscribe((event) => {
      if (event.type === 'updated' && event.action.type === 'error') doubt(event.action.error);
    });
    return () => {
      stopQueries();
      stopMutations();
    };
  }, [queries]);
  useEffect(() => {
    if (reached) return;
    const timer = setInterval(check, RETRY_MS);
    return () => clearInterval(timer);
  }, [reached, check]);
  return { reached, checking, check };
}

async function isHealthy(): Promise<boolean> {
  try {
    return (await fetch('/health', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
