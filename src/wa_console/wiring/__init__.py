"""The composition root: the one place that names back ends and builds what others use.

``store`` opens a store with its desk, ``engine`` runs an engine over it, ``keeper`` keeps one
beside a screen; the rest build what one screen or command asks for.
"""
