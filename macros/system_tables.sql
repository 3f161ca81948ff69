{#
    All rows of a table of the server's own, or none, with these columns and types, where there is no
    such table now. Some are made when there is something to write, and an engine inside a process
    never makes them: a view is made empty then, and the next run looks again.
#}
{% macro rows_of_system_table(relation, columns) -%}
    {% if has_system_table(relation.identifier) -%}
        select * from {{ relation }}
    {%- else -%}
        select {% for name, type in columns.items() -%}
            defaultValueOfTypeName('{{ type }}') as {{ name }}{{ ', ' if not loop.last }}
        {%- endfor %}
        where false
    {%- endif %}
{%- endmacro %}

{% macro has_system_table(name) -%}
    {% if not execute %}
        {{ return(false) }}
    {% endif %}
    {% set found = run_query(
        "select count() from system.tables where database = 'system' and name = '" ~ name ~ "'"
    ) %}
    {{ return(found.columns[0][0] > 0) }}
{%- endmacro %}

{#
    The text of a query without what could be somebody's: no values, no comments, no names in quotes
    but plain words. `normalizeQuery` leaves three things: the name after `as`, what follows an
    unfinished heredoc, and data after `format`, which no log should have.
#}
{% macro query_without_values(query) -%}
    arrayStringConcat(arrayMap(
        token -> if(match(token, '^["`].*[^\\pL\\pN_ "`]'), '`?`', token),
        extractAll(
            replaceRegexpAll(
                replaceRegexpAll(
                    replaceRegexpAll(normalizeQuery({{ query }}), '(?s)\\$\\w*\\$.*', '?'),
                    '(?is)\\bformat\\s+\\w+\\s.*', 'FORMAT ?'
                ),
                '\\s+', ' '
            ),
            '"[^"]*"|`[^`]*`|[^"`]+|["`]'
        )
    ))
{%- endmacro %}
