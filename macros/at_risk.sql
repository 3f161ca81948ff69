{# Those rows of a CTE that are about a learner who is at risk in the course. #}
{% macro of_learners_at_risk(rows) -%}
select {{ rows }}.*  -- noqa: AM04
from {{ rows }}
left semi join (
    select * from {{ ref('fct_learner_course_status') }}
    where is_at_risk
) as at_risk
    on
        {{ rows }}.org = at_risk.org
        and {{ rows }}.course_key = at_risk.course_key
        and {{ rows }}.actor_id = at_risk.actor_id
        and {{ rows }}.actor_home_page = at_risk.actor_home_page
{%- endmacro %}
