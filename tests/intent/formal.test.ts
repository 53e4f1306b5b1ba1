import { expect, test } from "vitest";
import { buildServiceProfile, formalIntent } from "../../intent/formal.ts";
import { FormalIntent, ServiceProfile } from "../../protocol/intent.ts";
import { NOW } from "./fixtures.ts";
import { TMF921_PRESENT, tmf921Validator } from "./tmf921.ts";

const profile = buildServiceProfile({
  intentId: "int_test",
  serviceType: "eMBB",
  requirements: { downlinkMbps: 200, latencyMs: 20 },
  snssai: { sst: 1, sd: "00ab12" },
});

const formal = formalIntent({
  intentId: "int_test",
  text: "Deploy eMBB slice on edge1 with 200Mbps and 20ms latency",
  serviceType: "eMBB",
  slice: "embb-test",
  sites: ["edge1"],
  profile,
  priority: 7,
  now: NOW,
});

test("the service profile is in kbit/s, ms and percent, with the type's defaults in the gaps", () => {
  expect(profile).toEqual({
    serviceProfileId: "sp-int_test",
    plmnInfoList: [{ plmnId: { mcc: "001", mnc: "01" }, snssai: { sst: 1, sd: "00ab12" } }],
    sst: 1,
    maxNumberofUEs: 1000,
    dLLatency: 20,
    uLLatency: 20,
    dLThptPerSlice: { guaThpt: 200_000, maxThpt: 300_000 },
    uLThptPerSlice: { guaThpt: 50_000, maxThpt: 75_000 },
    dLReliability: 99.9,
    uLReliability: 99.9,
    availability: 99.9,
    networkSliceSharingIndicator: "SHARED",
  });
  expect(ServiceProfile.parse(profile)).toEqual(profile);
});

test("the formal intent has a delivery, a property per requirement and a reporting expectation", () => {
  expect(FormalIntent.parse(formal)).toEqual(formal);
  expect(formal.priority).toBe("7");
  expect(formal.expression.expressionValue["@context"]).toMatchObject({
    icm: "http://tio.models.tmforum.org/tio/v1.0.0/IntentCommonModel#",
  });
  expect(formal.expression.expressionValue["icm:hasExpectation"]).toEqual([
    expect.objectContaining({
      "@type": "icm:DeliveryExpectation",
      "icm:params": { "icm:targetDescription": "icc:NetworkSlice/eMBB", "icc:slice": "embb-test", "icc:sites": ["edge1"] },
    }),
    expect.objectContaining({
      "@type": "icm:PropertyExpectation",
      "icm:params": { "sp:dLThptPerSlice.guaThpt": [{ "icm:atLeast": { "icm:value": 200_000, "icm:unit": "kbit/s" } }] },
    }),
    expect.objectContaining({
      "icm:params": { "sp:uLThptPerSlice.guaThpt": [{ "icm:atLeast": { "icm:value": 50_000, "icm:unit": "kbit/s" } }] },
    }),
    expect.objectContaining({ "icm:params": { "sp:dLLatency": [{ "icm:atMost": { "icm:value": 20, "icm:unit": "ms" } }] } }),
    expect.objectContaining({ "icm:params": { "sp:dLReliability": [{ "icm:atLeast": { "icm:value": 99.9, "icm:unit": "%" } }] } }),
    expect.objectContaining({ "icm:params": { "sp:availability": [{ "icm:atLeast": { "icm:value": 99.9, "icm:unit": "%" } }] } }),
    expect.objectContaining({ "icm:params": { "sp:maxNumberofUEs": [{ "icm:atMost": { "icm:value": 1000, "icm:unit": "UE" } }] } }),
    expect.objectContaining({ "@type": "icm:ReportingExpectation" }),
  ]);
});

test("the same input gives the same bytes", () => {
  const again = formalIntent({
    intentId: "int_test",
    text: formal.description,
    serviceType: "eMBB",
    slice: "embb-test",
    sites: ["edge1"],
    profile,
    priority: 7,
    now: NOW,
  });
  expect(JSON.stringify(again)).toBe(JSON.stringify(formal));
});

test.skipIf(!TMF921_PRESENT)("the formal intent is a valid Intent_FVO of the official TMF921 v5 document", () => {
  const validate = tmf921Validator("Intent_FVO");
  validate(formal);
  expect(validate.errors).toBeNull();
});

test.skipIf(!TMF921_PRESENT)("the validator refuses what the document forbids", () => {
  const validate = tmf921Validator("Intent_FVO");
  const { expressionValue: _, ...bare } = formal.expression;
  const refused = [
    { ...formal, priority: 7 },
    { ...formal, name: undefined },
    { ...formal, expression: bare },
    { ...formal, characteristic: [{ "@type": "ObjectCharacteristic", name: "x" }] },
  ];
  expect(refused.map((intent) => validate(JSON.parse(JSON.stringify(intent))))).toEqual([false, false, false, false]);
});
