-- quality_latest: Latest statement
SELECT maxOrNull(last_emission_time) AS `Latest statement`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;

-- quality_waiting: Statements waiting for the next run
SELECT max(statements_waiting) AS `Statements waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;

-- quality_rejected: Rejected lines
SELECT sum(rejections) AS `Rejected lines`
FROM `reporting`.`ops_rejections`
 LIMIT 10000;

-- quality_conflicts: Conflicts
SELECT count() AS `Conflicts`
FROM `reporting`.`ops_conflicts`
 LIMIT 10000;

-- quality_lines: What became of lines
SELECT toStartOfDay(toDateTime(`finished_at`)) AS `finished_at`, sum(landed) AS `Landed`, sum(duplicates) AS `Duplicates`, sum(conflicts) AS `Conflicts`, sum(rejected) AS `Rejected`
FROM `reporting`.`ops_loads` GROUP BY `finished_at`
 LIMIT 10000;

-- quality_loads: Loads
SELECT "source" AS `source`, "started_at" AS `started_at`, "finished_at" AS `finished_at`, "lines" AS `lines`, "landed" AS `landed`, "duplicates" AS `duplicates`, "conflicts" AS `conflicts`, "rejected" AS `rejected`, "loader_version" AS `loader_version`
FROM `reporting`.`ops_loads` ORDER BY `finished_at` DESC
 LIMIT 500;

-- rejections_by_reason: Rejected lines by reason
SELECT `reason` AS `reason`, sum(rejections) AS `Rejected lines`
FROM `reporting`.`ops_rejections` GROUP BY `reason`
 LIMIT 10000;

-- rejections: Rejected lines
SELECT `source` AS `source`, `reason` AS `reason`, `rejections` AS `rejections`, `last_received_at` AS `last_received_at`, `last_line` AS `last_line`, `last_detail` AS `last_detail`
FROM `reporting`.`ops_rejections` GROUP BY `source`, `reason`, `rejections`, `last_received_at`, `last_line`, `last_detail` ORDER BY sum(rejections) DESC
 LIMIT 10000;

-- conflicts: Conflicts by source
SELECT `source` AS `source`, count() AS `Conflicts`, maxOrNull(received_at) AS `Last`
FROM `reporting`.`ops_conflicts` GROUP BY `source` ORDER BY `Conflicts` DESC
 LIMIT 10000;

-- unrecognised: Unrecognised statements
SELECT `source` AS `source`, `verb_id` AS `verb_id`, `activity_type_id` AS `activity_type_id`, `statements` AS `statements`, `without_subject` AS `without_subject`, `without_course` AS `without_course`, `without_actor` AS `without_actor`
FROM `reporting`.`ops_unrecognised_statements` GROUP BY `source`, `verb_id`, `activity_type_id`, `statements`, `without_subject`, `without_course`, `without_actor` ORDER BY sum(statements) DESC
 LIMIT 100;

-- unplaced_tags: Tags on what is no course or block
SELECT "object_id" AS `object_id`, "taxonomy_name" AS `taxonomy_name`, "tag" AS `tag`
FROM `reporting`.`ops_unplaced_tags` ORDER BY `object_id` ASC
 LIMIT 10000;

-- blocks_without_dump: Blocks of no dump
SELECT "course_key" AS `course_key`, "block_id" AS `block_id`, "block_name" AS `block_name`, "block_type" AS `block_type`
FROM `reporting`.`dim_course_blocks`
WHERE `is_in_catalogue` = false ORDER BY `block_id` ASC
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
