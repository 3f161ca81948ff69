-- learner_summary_with_names: Learner
SELECT "name" AS `name`, "username" AS `username`, "email" AS `email`, "enrollment_status" AS `enrollment_status`, "enrollment_mode" AS `enrollment_mode`, "first_enrolled_at" AS `first_enrolled_at`, "last_visited_at" AS `last_visited_at`, "passing_state" AS `passing_state`, "course_grade" AS `course_grade`, "progress" AS `progress`, "is_at_risk" AS `is_at_risk`
FROM `reporting_pii`.`rpt_learner_summary_with_names`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' ORDER BY `name` ASC
 LIMIT 10000;

-- learner_pages_of_sections: Share of pages visited
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, sum(pages_visited) / sum(pages_total) AS `Share of pages visited`
FROM `reporting`.`fct_page_engagement`
WHERE `content_level` = 'section' AND `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' GROUP BY `block_label`
 LIMIT 10000;

-- learner_pages: Pages visited
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, sum(pages_visited) AS `Pages visited`, sum(pages_total) AS `Pages`, sum(pages_visited) / sum(pages_total) AS `Share of pages visited`
FROM `reporting`.`fct_page_engagement`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' GROUP BY `block_label` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) ASC
 LIMIT 10000;

-- learner_problems_of_sections: Share of problems attempted
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, sum(problems_attempted) / sum(problems_total) AS `Share of problems attempted`
FROM `reporting`.`fct_problem_engagement`
WHERE `content_level` = 'section' AND `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' GROUP BY `block_label`
 LIMIT 10000;

-- learner_problem_engagement: Problems attempted
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, sum(problems_attempted) AS `Problems attempted`, sum(problems_total) AS `Problems`, sum(problems_attempted) / sum(problems_total) AS `Share of problems attempted`
FROM `reporting`.`fct_problem_engagement`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' GROUP BY `block_label` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) ASC
 LIMIT 10000;

-- learner_problems: Problems
SELECT "section_name" AS `section_name`, "subsection_name" AS `subsection_name`, "problem_name" AS `problem_name`, "is_graded" AS `is_graded`, "attempts" AS `attempts`, "is_solved" AS `is_solved`, "hints_shown" AS `hints_shown`, "answers_shown" AS `answers_shown`, "last_attempted_at" AS `last_attempted_at`
FROM `reporting`.`rpt_learner_problems`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' ORDER BY `course_order` ASC
 LIMIT 10000;

-- learner_beside_course: The learner beside the course
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, `is_graded` AS `is_graded`, avg(attempts_needed) AS `Attempts of the learner`, avg(course_average_attempts) AS `Attempts in the course`, avg(is_solved) AS `Share solved`, avg(course_share_solved) AS `Share solved in the course`
FROM `reporting`.`rpt_learner_problems`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' GROUP BY `problem_label`, `is_graded` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) ASC
 LIMIT 10000;

-- learner_videos_of_sections: Share of videos viewed
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, sum(videos_viewed) / sum(videos_total) AS `Share of videos viewed`
FROM `reporting`.`fct_video_engagement`
WHERE `content_level` = 'section' AND `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' GROUP BY `block_label`
 LIMIT 10000;

-- learner_video_engagement: Videos viewed
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, sum(videos_viewed) AS `Videos viewed`, sum(videos_total) AS `Videos`, sum(videos_viewed) / sum(videos_total) AS `Share of videos viewed`
FROM `reporting`.`fct_video_engagement`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' GROUP BY `block_label` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) ASC
 LIMIT 10000;

-- learner_videos: Videos
SELECT "section_name" AS `section_name`, "video_name" AS `video_name`, "plays" AS `plays`, "share_watched" AS `share_watched`, "is_watched_entirely" AS `is_watched_entirely`, "last_viewed_at" AS `last_viewed_at`
FROM `reporting`.`fct_video_views`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' ORDER BY `hierarchy_location` ASC
 LIMIT 10000;

-- learner_seconds_watched: Views across the length of videos
SELECT intDiv(watched_second - 1, 10) * 10 AS `from_second`, count() / uniqExact(watched_second) AS `First views`, sum(times_watched - 1) / uniqExact(watched_second) AS `Repeat views`
FROM `reporting`.`fct_video_segments`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' GROUP BY `from_second`
 LIMIT 10000;

-- learner_days: Minutes on task by day
SELECT toStartOfDay(toDateTime(`active_on`)) AS `active_on`, sum(seconds_on_task) / 60 AS `Minutes on task`
FROM `reporting`.`fct_daily_learner_activity`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' GROUP BY `active_on`
 LIMIT 10000;

-- learner_discussions: Discussions
SELECT "threads" AS `threads`, "replies" AS `replies`, "votes" AS `votes`, "views" AS `views`, "last_active_at" AS `last_active_at`
FROM `reporting`.`fct_forum_participation`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}'
 LIMIT 10000;

-- learner_exams: Exams
SELECT "exam_name" AS `exam_name`, "exam_kind" AS `exam_kind`, "started_at" AS `started_at`, "seconds" AS `seconds`, "is_over_time" AS `is_over_time`
FROM `reporting`.`fct_exam_attempts`
WHERE `course_key` = '{course}' AND `actor_id` = '{learner}' AND `actor_home_page` = '{platform}' ORDER BY `started_at` ASC
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
