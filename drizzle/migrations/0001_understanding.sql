CREATE TABLE `corrections` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`intent_id` text NOT NULL,
	`text` text NOT NULL,
	`provider` text NOT NULL,
	`understood` text NOT NULL,
	`corrected` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `corrections_id_unique` ON `corrections` (`id`);--> statement-breakpoint
CREATE TABLE `integrations` (
	`agent_id` text NOT NULL,
	`id` text NOT NULL,
	`report` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`agent_id`, `id`)
);
--> statement-breakpoint
ALTER TABLE `intents` ADD `corrected` text;