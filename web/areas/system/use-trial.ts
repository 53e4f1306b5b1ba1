// One prompt at one backend. Not a mutation of RTK Query: while one is under way nothing that is stale is asked for again, and a model may think for a minute.
import { useCallback } from "react";
import type { IntegrationTestRequest, IntegrationTestResult } from "../../../protocol/integration-api.ts";
import { type Answer, ask } from "../../app/ask.ts";
import { invalidate } from "../../app/server.ts";
import { type AppDispatch, type Extra, useAppDispatch } from "../../app/store.ts";

function trial(body: IntegrationTestRequest) {
  return async (dispatch: AppDispatch, _state: unknown, extra: Extra): Promise<Answer<IntegrationTestResult>> => {
    const answer = await ask({ extra }, (api) => api.testIntegration(body));
    dispatch(invalidate(["Integrations"])); // its figures
    return answer;
  };
}

export function useTrial() {
  const dispatch = useAppDispatch();
  return useCallback((body: IntegrationTestRequest) => dispatch(trial(body)), [dispatch]);
}
