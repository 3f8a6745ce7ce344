"""Why a goal is missed, and what meeting it would take: found by profiles, shown beside the figure."""

REASONS: dict[str, str] = {}
