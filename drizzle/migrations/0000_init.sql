CREATE TABLE `agents` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`protocol` integer NOT NULL,
	`labels` text NOT NULL,
	`capabilities` text NOT NULL,
	`slots` integer NOT NULL,
	`busy` integer DEFAULT 0 NOT NULL,
	`sites` text NOT NULL,
	`instance_id` text,
	`online` integer NOT NULL,
	`last_heartbeat` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`severity` text NOT NULL,
	`status` text NOT NULL,
	`subject` text NOT NULL,
	`site` text,
	`slice` text,
	`objective` text,
	`deployment_id` text,
	`intent_id` text,
	`message` text NOT NULL,
	`value` real,
	`threshold` real,
	`burn_rate` real,
	`started_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`resolved_at` integer,
	`acknowledged_by` text,
	`acknowledged_at` integer,
	`comment` text DEFAULT '' NOT NULL,
	`remediation` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_firing` ON `alerts` (`subject`) WHERE status = 'firing';--> statement-breakpoint
CREATE INDEX `alerts_by_status` ON `alerts` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `alerts_by_slice` ON `alerts` (`slice`,`id`);--> statement-breakpoint
CREATE TABLE `assurance` (
	`slice` text NOT NULL,
	`site` text NOT NULL,
	`objective` text NOT NULL,
	`deployment_id` text NOT NULL,
	`verdicts` text NOT NULL,
	`round` text NOT NULL,
	`evidence` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`slice`, `site`, `objective`)
);
--> statement-breakpoint
CREATE INDEX `assurance_by_site` ON `assurance` (`site`);--> statement-breakpoint
CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`who` text NOT NULL,
	`token_id` text NOT NULL,
	`action` text NOT NULL,
	`target` text,
	`request_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_by_target` ON `audit` (`target`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_by_who` ON `audit` (`who`,`seq`);--> statement-breakpoint
CREATE TABLE `batch_guard` (
	`id` integer PRIMARY KEY NOT NULL,
	CONSTRAINT "batch_guard_holds" CHECK("batch_guard"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE `deployment_sites` (
	`deployment_id` text NOT NULL,
	`site` text NOT NULL,
	`state` text NOT NULL,
	`commit` text,
	`message` text NOT NULL,
	`replaced` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`deployment_id`, `site`)
);
--> statement-breakpoint
CREATE INDEX `deployment_sites_by_site` ON `deployment_sites` (`site`,`deployment_id`);--> statement-breakpoint
CREATE TABLE `deployments` (
	`id` text PRIMARY KEY NOT NULL,
	`intent_id` text NOT NULL,
	`job_id` text,
	`action` text DEFAULT 'deploy' NOT NULL,
	`slice` text NOT NULL,
	`plan` text NOT NULL,
	`service_type` text NOT NULL,
	`sst` integer NOT NULL,
	`sd` text NOT NULL,
	`status` text NOT NULL,
	`digest` text NOT NULL,
	`diff` text NOT NULL,
	`repository_url` text,
	`branch` text,
	`commit` text,
	`commits` text DEFAULT '[]' NOT NULL,
	`revert_commit` text,
	`approved_by` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deployments_by_intent` ON `deployments` (`intent_id`);--> statement-breakpoint
CREATE INDEX `deployments_by_slice` ON `deployments` (`slice`,`id`);--> statement-breakpoint
CREATE INDEX `deployments_by_status` ON `deployments` (`status`,`id`);--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`intent_id` text,
	`job_id` text,
	`site` text,
	`stage` text,
	`at` integer NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_id_unique` ON `events` (`id`);--> statement-breakpoint
CREATE INDEX `events_by_intent` ON `events` (`intent_id`,`seq`);--> statement-breakpoint
CREATE TABLE `evidence` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`deployment_id` text NOT NULL,
	`record` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `evidence_by_deployment` ON `evidence` (`deployment_id`);--> statement-breakpoint
CREATE TABLE `external_edges` (
	`edge` text PRIMARY KEY NOT NULL,
	`status` text NOT NULL,
	`metadata` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `external_pipelines` (
	`id` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`stage` text NOT NULL,
	`stages` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`principal` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`status` integer NOT NULL,
	`response` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`principal`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_by_age` ON `idempotency` (`created_at`);--> statement-breakpoint
CREATE TABLE `intent_sites` (
	`site` text NOT NULL,
	`intent_id` text NOT NULL,
	PRIMARY KEY(`site`, `intent_id`)
);
--> statement-breakpoint
CREATE INDEX `intent_sites_by_intent` ON `intent_sites` (`intent_id`);--> statement-breakpoint
CREATE TABLE `intents` (
	`id` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`context` text NOT NULL,
	`target_sites` text NOT NULL,
	`policy` text NOT NULL,
	`approval` text NOT NULL,
	`priority` integer NOT NULL,
	`dry_run` integer NOT NULL,
	`command` text,
	`rollout` text,
	`preempt` integer DEFAULT false NOT NULL,
	`action` text,
	`slice` text,
	`approval_reasons` text DEFAULT '[]' NOT NULL,
	`answer` text,
	`traceparent` text,
	`status` text NOT NULL,
	`stage` text,
	`service_type` text,
	`sites` text NOT NULL,
	`answers` text,
	`understanding` text,
	`formal` text,
	`plan` text,
	`diff` text,
	`digest` text,
	`failure` text,
	`effects` text NOT NULL,
	`deployment_id` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `intents_by_status` ON `intents` (`status`,`id`);--> statement-breakpoint
CREATE TABLE `job_sites` (
	`job_id` text NOT NULL,
	`site` text NOT NULL,
	`turn` text NOT NULL,
	PRIMARY KEY(`site`, `turn`)
);
--> statement-breakpoint
CREATE INDEX `job_sites_by_job` ON `job_sites` (`job_id`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`intent_id` text NOT NULL,
	`deployment_id` text,
	`sites` text DEFAULT '[]' NOT NULL,
	`input` text NOT NULL,
	`checkpoint` text NOT NULL,
	`state` text NOT NULL,
	`priority` integer NOT NULL,
	`visible_at` integer NOT NULL,
	`attempt` integer NOT NULL,
	`timed` integer DEFAULT false NOT NULL,
	`blocked` integer DEFAULT false NOT NULL,
	`lease_id` text,
	`agent_id` text,
	`instance_id` text,
	`cancel_requested_by` text,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `jobs_open` ON `jobs` (`state`,`timed`,`visible_at`) WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX `jobs_claimable` ON `jobs` ("priority" desc,`id`) WHERE finished_at is null and timed = 0 and blocked = 0;--> statement-breakpoint
CREATE INDEX `jobs_timed` ON `jobs` (`visible_at`) WHERE finished_at is null and timed = 1;--> statement-breakpoint
CREATE INDEX `jobs_by_intent` ON `jobs` (`intent_id`);--> statement-breakpoint
CREATE INDEX `jobs_by_agent` ON `jobs` (`agent_id`) WHERE finished_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_by_lease` ON `jobs` (`lease_id`) WHERE finished_at is null;--> statement-breakpoint
CREATE TABLE `samples` (
	`slice` text NOT NULL,
	`site` text NOT NULL,
	`metric` text NOT NULL,
	`bucket_seconds` integer NOT NULL,
	`at` integer NOT NULL,
	`count` integer NOT NULL,
	`sum` real NOT NULL,
	`min` real NOT NULL,
	`max` real NOT NULL,
	PRIMARY KEY(`slice`, `site`, `metric`, `bucket_seconds`, `at`)
);
--> statement-breakpoint
CREATE INDEX `samples_by_age` ON `samples` (`bucket_seconds`,`at`);--> statement-breakpoint
CREATE INDEX `samples_by_site` ON `samples` (`site`,`metric`,`bucket_seconds`,`at`);--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `site_locks` (
	`site` text PRIMARY KEY NOT NULL,
	`job_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `site_locks_by_job` ON `site_locks` (`job_id`);--> statement-breakpoint
CREATE TABLE `site_tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`site` text NOT NULL,
	`kind` text NOT NULL,
	`input` text NOT NULL,
	`state` text NOT NULL,
	`agent_id` text NOT NULL,
	`message` text NOT NULL,
	`phase` text,
	`node_cluster_id` text,
	`checks` text NOT NULL,
	`asked_by` text NOT NULL,
	`deadline` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `site_tasks_open` ON `site_tasks` (`agent_id`) WHERE state = 'open';--> statement-breakpoint
CREATE INDEX `site_tasks_by_site` ON `site_tasks` (`site`,`id`);--> statement-breakpoint
CREATE TABLE `sites` (
	`id` text PRIMARY KEY NOT NULL,
	`config` text NOT NULL,
	`declared` text,
	`overrides` text DEFAULT '{}' NOT NULL,
	`agent_id` text,
	`ready` integer DEFAULT true NOT NULL,
	`components` text,
	`drift` text DEFAULT '[]' NOT NULL,
	`checks` text DEFAULT '[]' NOT NULL,
	`status` text NOT NULL,
	`message` text NOT NULL,
	`commit` text,
	`last_sync` integer,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `slice_sites` (
	`slice` text NOT NULL,
	`site` text NOT NULL,
	`deployment_id` text NOT NULL,
	`downlink_mbps` real NOT NULL,
	`uplink_mbps` real NOT NULL,
	`max_devices` integer NOT NULL,
	PRIMARY KEY(`slice`, `site`)
);
--> statement-breakpoint
CREATE INDEX `slice_sites_by_site` ON `slice_sites` (`site`);--> statement-breakpoint
CREATE INDEX `slice_sites_by_deployment` ON `slice_sites` (`deployment_id`);--> statement-breakpoint
CREATE TABLE `slices` (
	`name` text PRIMARY KEY NOT NULL,
	`intent_id` text NOT NULL,
	`latest_deployment_id` text NOT NULL,
	`service_type` text NOT NULL,
	`sst` integer NOT NULL,
	`sd` text NOT NULL,
	`priority` integer NOT NULL,
	`requirements` text NOT NULL,
	`created_at` integer NOT NULL,
	`removed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `slices_snssai` ON `slices` (`sst`,`sd`) WHERE removed_at is null;--> statement-breakpoint
CREATE TABLE `tallies` (
	`family` text NOT NULL,
	`labels` text NOT NULL,
	`count` integer NOT NULL,
	`sum` real NOT NULL,
	PRIMARY KEY(`family`, `labels`)
);
--> statement-breakpoint
CREATE TABLE `tickets` (
	`hash` text PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`subject` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `tickets_by_expiry` ON `tickets` (`expires_at`);--> statement-breakpoint
CREATE TABLE `tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`agent_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_id_unique` ON `tokens` (`id`);