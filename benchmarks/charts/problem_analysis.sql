-- difficulty: Right at first and in the end
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, sum(first_try_success_share * learners) / sum(learners) AS `Right at first`, sum(success_share * learners) / sum(learners) AS `Right in the end`
FROM `reporting`.`rpt_problem_items`
WHERE `problem_part` = '' AND `course_key` = '{course}' GROUP BY `problem_label`
 LIMIT 10000;

-- items: Problems and their parts
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, `problem_part` AS `problem_part`, `is_graded` AS `is_graded`, sum(learners) AS `Learners`, sum(first_try_success_share * learners) / sum(learners) AS `Right at first`, sum(success_share * learners) / sum(learners) AS `Right in the end`, avg(attempts_when_right) AS `Attempts when right`, avg(attempts_when_wrong) AS `Attempts when wrong`, avg(discrimination) AS `Discrimination`, avg(hint_share) AS `Asked for a hint`, avg(answer_shown_share) AS `Saw the answer`
FROM `reporting`.`rpt_problem_items`
WHERE `course_key` = '{course}' GROUP BY `problem_label`, `problem_part`, `is_graded` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) ASC
 LIMIT 10000;

-- discrimination: Difficulty and discrimination
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, sum(success_share * learners) / sum(learners) AS `Right in the end`, avg(discrimination) AS `Discrimination`, sum(learners) AS `Learners`
FROM `reporting`.`rpt_problem_items`
WHERE `problem_part` = '' AND `course_key` = '{course}' GROUP BY `problem_label`
 LIMIT 10000;

-- weakest_items: Problems that tell least apart
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, avg(discrimination) AS `Discrimination`, sum(success_share * learners) / sum(learners) AS `Right in the end`, sum(learners) AS `Learners`
FROM `reporting`.`rpt_problem_items`
WHERE `problem_part` = '' AND `discrimination` IS NOT NULL AND `course_key` = '{course}' GROUP BY `problem_label` ORDER BY `Discrimination` ASC
 LIMIT 10000;

-- wrong_answers: Most common wrong answers
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, `problem_part` AS `problem_part`, any(most_common_wrong_answer) AS `Most common wrong answer`, sum(most_common_wrong_answer_learners) AS `Learners who gave it`, sum(learners) AS `Learners`
FROM `reporting`.`rpt_problem_items`
WHERE `course_key` = '{course}' GROUP BY `problem_label`, `problem_part` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) ASC
 LIMIT 10000;

-- answers_at_first: First answers
SELECT if(problem_part = '', problem_name, concat(problem_name, ' · ', problem_part)) AS `part_label`, `answer` AS `answer`, sum(learners) AS `Learners`, sum(learners_right) AS `Right`
FROM `reporting`.`fct_problem_responses`
WHERE `at_attempt` = 'first' AND `course_key` = '{course}' GROUP BY `part_label`, `answer` ORDER BY `Learners` DESC
 LIMIT 10000;

-- answers_at_last: Last answers
SELECT if(problem_part = '', problem_name, concat(problem_name, ' · ', problem_part)) AS `part_label`, `answer` AS `answer`, sum(learners) AS `Learners`, sum(learners_right) AS `Right`
FROM `reporting`.`fct_problem_responses`
WHERE `at_attempt` = 'last' AND `course_key` = '{course}' GROUP BY `part_label`, `answer` ORDER BY `Learners` DESC
 LIMIT 10000;

-- tags_of_blocks: Tags of blocks
SELECT "taxonomy_name" AS `taxonomy_name`, "tag" AS `tag`, "block_name" AS `block_name`, "block_type" AS `block_type`, "course_name" AS `course_name`, "course_run" AS `course_run`
FROM `reporting`.`bridge_block_tags`
WHERE `course_key` = '{course}' ORDER BY `tag` ASC
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
