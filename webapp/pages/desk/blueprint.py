"""The one blueprint of the desk; views.py gathers the modules that add routes to it."""

from flask import Blueprint

page = Blueprint("desk", __name__, template_folder="templates")
