"""The one blueprint of these pages."""

from flask import Blueprint

page = Blueprint("safe_contact", __name__, template_folder="templates")
